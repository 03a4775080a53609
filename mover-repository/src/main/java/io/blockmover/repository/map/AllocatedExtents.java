package io.blockmover.repository.map;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ExtentCursor;
import org.jspecify.annotations.Nullable;

/** What of a backup is not zeros, told from its map. */
public final class AllocatedExtents implements ExtentCursor {

  /** Extents are cut at multiples of this, so that none takes long to tell. */
  private static final long GRAIN_BYTES = 1L << 30;

  private final MapCursor cursor;
  private @Nullable MapEntry next;

  private AllocatedExtents(MapCursor cursor) throws MoverException {
    this.cursor = cursor;
    advance();
  }

  /** From an offset on. */
  public static ExtentCursor of(LayeredMap map, long from) throws MoverException {
    return new AllocatedExtents(map.cursor(from));
  }

  @Override
  public @Nullable Extent next() throws MoverException {
    MapEntry first = next;
    if (first == null) {
      return null;
    }
    long start = first.offset();
    long border = (start / GRAIN_BYTES + 1) * GRAIN_BYTES;
    long end = start;
    while (next != null && next.offset() == end && end < border) {
      end = Math.min(border, next.end());
      if (next.end() > border) {
        next = next.part(border, next.end());
      } else {
        advance();
      }
    }
    return Extent.between(start, end);
  }

  private void advance() throws MoverException {
    do {
      next = cursor.next();
    } while (next instanceof MapEntry.Zero);
  }

  @Override
  public void close() {}
}
