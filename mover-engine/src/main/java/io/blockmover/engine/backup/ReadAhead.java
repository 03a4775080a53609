package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ExtentCursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a list, read before anything is done about it: to see how much it lists, and
 * whether the tracker answers at all. For one thread.
 */
final class ReadAhead implements ExtentCursor {

  /** A megabyte. */
  private static final int MAX_EXTENTS = 1 << 16;

  private final TrackedExtents rest;
  private long[] bounds = new long[64];
  private int count;
  private int taken;
  private boolean complete;
  private long listedBytes;
  private final long from;

  private ReadAhead(TrackedExtents rest, long from) {
    this.rest = rest;
    this.from = from;
  }

  /** Reads the beginning; the list is closed if that fails. */
  static ReadAhead of(TrackedExtents list, long from) throws MoverException {
    ReadAhead ahead = new ReadAhead(list, from);
    try {
      ahead.read();
      return ahead;
    } catch (MoverException | RuntimeException e) {
      list.close();
      throw e;
    }
  }

  private void read() throws MoverException {
    while (count < MAX_EXTENTS) {
      Extent extent = rest.next();
      if (extent == null) {
        complete = true;
        return;
      }
      if (2 * count == bounds.length) {
        bounds = Arrays.copyOf(bounds, 2 * bounds.length);
      }
      bounds[2 * count] = extent.offset();
      bounds[2 * count + 1] = extent.end();
      count++;
      listedBytes += extent.length();
    }
  }

  /** Whether this is the whole list. */
  boolean isComplete() {
    return complete;
  }

  /** What was read of it lists so many bytes. */
  long listedBytes() {
    return listedBytes;
  }

  /** Which part of the volume it lists, as far as it was read: from 0 to 1. */
  double ratio(long volumeBytes) {
    long end = complete ? volumeBytes : bounds[2 * count - 1];
    return end <= from ? 0 : (double) listedBytes / (end - from);
  }

  /** Whether the tracker broke its contract. */
  boolean isViolated() {
    return rest.isViolated();
  }

  @Override
  public @Nullable Extent next() throws MoverException {
    if (taken < count) {
      Extent extent = Extent.between(bounds[2 * taken], bounds[2 * taken + 1]);
      taken++;
      return extent;
    }
    return complete ? null : rest.next();
  }

  @Override
  public void close() {
    rest.close();
  }
}
