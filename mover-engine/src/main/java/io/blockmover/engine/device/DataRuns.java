package io.blockmover.engine.device;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ExtentCursor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a volume that may hold data, widened to whole units and joined where they touch; the
 * last one ends at the volume's end at the latest.
 */
public final class DataRuns implements ExtentCursor {
  private final ExtentCursor extents;
  private final long sizeBytes;
  private final int unitBytes;
  private @Nullable Extent ahead;
  private boolean begun;

  private DataRuns(ExtentCursor extents, long sizeBytes, int unitBytes) {
    this.extents = extents;
    this.sizeBytes = sizeBytes;
    this.unitBytes = unitBytes;
  }

  /**
   * Those of a volume; all of it in one run where it does not know.
   *
   * @param unitBytes a power of two
   */
  public static ExtentCursor of(BlockSource volume, int unitBytes) throws MoverException {
    long size = volume.sizeBytes();
    if (size == 0) {
      return ExtentCursor.of(List.of());
    }
    Extent all = new Extent(0, size);
    return new DataRuns(
        volume.allocated(all).orElseGet(() -> ExtentCursor.of(List.of(all))), size, unitBytes);
  }

  @Override
  public @Nullable Extent next() throws MoverException {
    if (!begun) {
      begun = true;
      ahead = extents.next();
    }
    Extent first = ahead;
    if (first == null) {
      return null;
    }
    long start = first.offset() / unitBytes * unitBytes;
    long end = roundedUp(first.end());
    for (ahead = extents.next(); ahead != null && ahead.offset() <= end; ahead = extents.next()) {
      end = Math.max(end, roundedUp(ahead.end()));
    }
    return Extent.between(start, end);
  }

  private long roundedUp(long position) {
    return Math.min(sizeBytes, (position + unitBytes - 1) / unitBytes * unitBytes);
  }

  @Override
  public void close() {
    extents.close();
  }
}
