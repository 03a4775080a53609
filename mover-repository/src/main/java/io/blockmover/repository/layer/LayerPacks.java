package io.blockmover.repository.layer;

import io.blockmover.api.MoverException;
import io.blockmover.repository.pack.MetadataPackWriter;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.repository.pack.PackReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts leaves into packs and the packs into the store as they fill, so that memory holds one pack.
 * For one thread.
 */
public final class LayerPacks {

  /** A pack in the making is held in memory about three times, hence small. */
  private static final long FULL_BYTES = 8L << 20;

  private final MetadataStore store;
  private final PackKind kind;
  private final PackNames names;
  private final @Nullable PackDictionary dictionary;
  private final List<LayerPack> packs = new ArrayList<>();
  private @Nullable MetadataPackWriter open;
  private long from;
  private long to;
  private long rows;

  /**
   * @param dictionary what the leaves refer to, written at the end of each pack and then cleared;
   *     null if the kind has none
   */
  public LayerPacks(
      MetadataStore store, PackKind kind, PackNames names, @Nullable PackDictionary dictionary) {
    this.store = store;
    this.kind = kind;
    this.names = names;
    this.dictionary = dictionary;
  }

  /**
   * Adds a leaf. If the pack is full after it, puts the pack.
   *
   * @param first offset (or piece) of its first row, not below the end of the leaf before
   * @param end of its last row
   */
  public void add(long first, long end, int count, ByteBuffer leaf) throws MoverException {
    MetadataPackWriter pack = open;
    if (pack == null) {
      pack = store.begin(kind, names.next());
      open = pack;
      from = first;
    }
    pack.add(new LeafRange(first, end, count).rowId(), leaf);
    to = end;
    rows += count;
    int dictionaryBytes = dictionary == null ? 0 : dictionary.encodedBytes();
    if (pack.sizeSoFarBytes() + dictionaryBytes >= FULL_BYTES) {
      putPack(pack);
    }
  }

  private void putPack(MetadataPackWriter pack) throws MoverException {
    if (dictionary != null) {
      ByteBuffer out = ByteBuffer.allocate(dictionary.encodedBytes());
      dictionary.write(out);
      pack.add(PackDictionary.rowId(), out.flip());
      dictionary.clear();
    }
    PackReference put = pack.finish();
    packs.add(new LayerPack(put.name().text(), put.sizeBytes(), from, to));
    open = null;
  }

  /** Puts the last pack; the layer is then in the store. */
  public Layer finish(long volumeBytes) throws MoverException {
    if (open != null) {
      putPack(open);
    }
    return new Layer(volumeBytes, rows, packs);
  }
}
