package io.blockmover.repository.map;

import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.LayerPacks;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.layer.PackDictionary;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackNames;
import org.jspecify.annotations.Nullable;

/**
 * Writes one layer of a map, entry by entry; packs are put as they fill, so memory holds one.
 * Neighbours that say the same become one entry. For one thread.
 */
public final class MapLayerWriter {

  private static final int LEAF_ENTRIES = 1024;

  private final long volumeBytes;
  private final int chunkBytes;
  private final PackDictionary dictionary = new PackDictionary();
  private final MapLeafWriter leaf = new MapLeafWriter();
  private final LayerPacks packs;
  private @Nullable MapEntry pending;

  /**
   * @param volumeBytes size of the volume that the layer describes
   * @param chunkBytes the grid: no DATA entry crosses a cell
   */
  public MapLayerWriter(MetadataStore store, PackNames names, long volumeBytes, int chunkBytes) {
    this.volumeBytes = volumeBytes;
    this.chunkBytes = chunkBytes;
    this.packs = new LayerPacks(store, PackKind.MAP, names, dictionary);
  }

  /**
   * Adds an entry.
   *
   * @throws IllegalArgumentException if it is not after the one before, not inside the volume, or
   *     DATA across a cell's border
   */
  public void add(MapEntry entry) throws MoverException {
    MapEntry before = pending;
    if (entry.end() > volumeBytes
        || (before != null && entry.offset() < before.end())
        || (entry instanceof MapEntry.Data && crossesCell(entry.offset(), entry.end()))) {
      throw new IllegalArgumentException(
          entry + " does not follow " + before + " in a volume of " + volumeBytes + " bytes");
    }
    MapEntry joined = before == null ? entry : joined(before, entry);
    if (joined == null) {
      flush();
      joined = entry;
    }
    pending = joined;
  }

  private boolean crossesCell(long start, long end) {
    return start / chunkBytes != (end - 1) / chunkBytes;
  }

  private @Nullable MapEntry joined(MapEntry before, MapEntry next) {
    if (before.end() != next.offset()) {
      return null;
    }
    long length = before.length() + next.length();
    return switch (before) {
      case MapEntry.Zero zero ->
          next instanceof MapEntry.Zero ? new MapEntry.Zero(zero.offset(), length) : null;
      case MapEntry.Data data ->
          next instanceof MapEntry.Data that
                  && data.within() + data.length() == that.within()
                  && data.location().equals(that.location())
                  && !crossesCell(data.offset(), next.end())
              ? new MapEntry.Data(data.offset(), length, data.location(), data.within())
              : null;
    };
  }

  private void flush() throws MoverException {
    if (pending == null) {
      return;
    }
    leaf.add(pending);
    pending = null;
    if (leaf.count() == LEAF_ENTRIES) {
      putLeaf();
    }
  }

  private void putLeaf() throws MoverException {
    long start = leaf.start();
    long end = leaf.end();
    int count = leaf.count();
    packs.add(start, end, count, leaf.write(dictionary));
  }

  /** Puts what is left; the layer is then in the store. */
  public Layer finish() throws MoverException {
    flush();
    if (leaf.count() > 0) {
      putLeaf();
    }
    return packs.finish(volumeBytes);
  }
}
