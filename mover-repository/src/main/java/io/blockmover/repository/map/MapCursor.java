package io.blockmover.repository.map;

import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.LayerCursor;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.pack.PackKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the composition of layers, ascending. What no entry covers is zero. Memory holds one
 * decoded leaf and one table per layer. For one thread.
 */
public final class MapCursor {

  private final List<Source> newestFirst = new ArrayList<>();
  private long position;

  /** One layer, and the offset from which on it says nothing. */
  private record Source(LayerCursor<MapLeaf> rows, long limit) {

    long start() {
      return rows.start() >= limit ? Long.MAX_VALUE : rows.start();
    }

    long end() {
      return Math.min(rows.end(), limit);
    }
  }

  MapCursor(MetadataStore store, List<Layer> layers, long volumeBytes, long from)
      throws MoverException {
    long limit = volumeBytes;
    for (Layer layer : layers.reversed()) {
      limit = Math.min(limit, layer.volumeBytes());
      LayerCursor<MapLeaf> rows = new LayerCursor<>(store, PackKind.MAP, layer, new MapLeaf());
      newestFirst.add(new Source(rows, limit));
    }
    position = from;
  }

  /** The next entry, as long as no newer layer says otherwise; null at the end. */
  public @Nullable MapEntry next() throws MoverException {
    return next(Long.MAX_VALUE);
  }

  /**
   * The next entry that starts before {@code end}, cut there; null if there is none. What was cut
   * off comes later.
   */
  public @Nullable MapEntry next(long end) throws MoverException {
    if (position >= end) {
      return null;
    }
    Source chosen = null;
    long start = end;
    long stop = end;
    for (Source source : newestFirst) {
      if (source.limit() <= position) {
        break; // older layers reach no further
      }
      source.rows().advanceTo(position);
      long from = Math.max(position, source.start());
      if (from < start) {
        // Starts before every newer layer does: it is seen until the first of them begins.
        stop = Math.min(start, source.end());
        start = from;
        chosen = source;
      }
      if (start == position) {
        break; // whatever older layers say here is hidden
      }
    }
    if (chosen == null) {
      position = end;
      return null;
    }
    LayerCursor<MapLeaf> rows = chosen.rows();
    position = stop;
    return rows.leaf().entry(rows.row()).part(start, stop);
  }

  /** Goes forward, without reading what is skipped; never back. */
  public void skipTo(long offset) {
    position = Math.max(position, offset);
  }

  /**
   * The entries inside an extent, cut at its ends. Extents must be asked for in ascending order.
   *
   * @param start not before the end of the extent asked for before
   */
  public List<MapEntry> within(long start, long end) throws MoverException {
    skipTo(start);
    List<MapEntry> entries = new ArrayList<>();
    for (MapEntry entry = next(end); entry != null; entry = next(end)) {
      entries.add(entry);
    }
    return entries;
  }
}
