package io.blockmover.repository.map;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ExtentCursor;
import org.jspecify.annotations.Nullable;

/**
 * Where two maps differ, told from chunk ids, without reading data. Zeros are the same whether
 * written or not; what the target has beyond the base's size counts as different.
 */
public final class MapDifference implements ExtentCursor {

  private final Side base;
  private final Side target;
  private final long commonBytes;
  private final long targetBytes;
  private long position;

  private MapDifference(LayeredMap base, LayeredMap target, long from) throws MoverException {
    this.base = new Side(base.cursor(from));
    this.target = new Side(target.cursor(from));
    this.commonBytes = Math.min(base.volumeBytes(), target.volumeBytes());
    this.targetBytes = target.volumeBytes();
    this.position = from;
  }

  /** Extents of {@code target}, from an offset on, that differ from {@code base}. */
  public static ExtentCursor between(LayeredMap base, LayeredMap target, long from)
      throws MoverException {
    return new MapDifference(base, target, from);
  }

  @Override
  public @Nullable Extent next() throws MoverException {
    while (position < commonBytes && sameUpToStop()) {
      position = stop();
    }
    long start = position;
    while (position < commonBytes && !sameUpToStop()) {
      position = stop();
    }
    if (position >= commonBytes) {
      position = Math.max(position, targetBytes);
    }
    return start < position ? Extent.between(start, position) : null;
  }

  /** Whether the two are the same from here to {@link #stop}. */
  private boolean sameUpToStop() throws MoverException {
    MapEntry before = base.at(position);
    MapEntry after = target.at(position);
    boolean zeroBefore = !(before instanceof MapEntry.Data);
    boolean zeroAfter = !(after instanceof MapEntry.Data);
    if (before == null || after == null || zeroBefore || zeroAfter) {
      return zeroBefore && zeroAfter;
    }
    return before.sameContentAs(after);
  }

  private long stop() {
    return Math.min(commonBytes, Math.min(base.stop(position), target.stop(position)));
  }

  @Override
  public void close() {}

  /** One map, and the entry that ends after the position. */
  private static final class Side {

    private final MapCursor cursor;
    private @Nullable MapEntry entry;
    private boolean atEnd;

    Side(MapCursor cursor) {
      this.cursor = cursor;
    }

    /** The entry that covers an offset, or null if none does. */
    @Nullable MapEntry at(long offset) throws MoverException {
      while (!atEnd && (entry == null || entry.end() <= offset)) {
        entry = cursor.next();
        atEnd = entry == null;
      }
      return entry != null && entry.offset() <= offset ? entry : null;
    }

    /** How far what {@link #at} said holds. */
    long stop(long offset) {
      if (entry == null) {
        return Long.MAX_VALUE;
      }
      return entry.offset() > offset ? entry.offset() : entry.end();
    }
  }
}
