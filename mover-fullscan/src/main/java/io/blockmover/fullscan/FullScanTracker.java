package io.blockmover.fullscan;

import io.blockmover.api.Extent;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import java.util.List;
import java.util.Optional;

/**
 * Reports the whole volume as candidates, in one extent. It reads nothing itself: the engine reads
 * each byte once, compares its fingerprints with the last backup's, and stores what differs. Holes
 * that the source knows of are skipped by the engine too, on either side of the comparison.
 *
 * <p>Since nothing is promised about any base, any base will do, and nothing needs to be recorded
 * for the next time.
 */
final class FullScanTracker implements ChangeTracker {

  private final long sizeBytes;
  private volatile boolean closed;

  FullScanTracker(long sizeBytes) {
    this.sizeBytes = sizeBytes;
  }

  @Override
  public ExtentQuality quality() {
    return ExtentQuality.CANDIDATE;
  }

  @Override
  public Optional<ChangeId> changeId() {
    return Optional.empty();
  }

  @Override
  public ExtentCursor allocated(long fromOffset) throws TrackingUnavailable {
    return rest(fromOffset);
  }

  @Override
  public ExtentCursor changedSince(ChangeId base, long fromOffset) throws TrackingUnavailable {
    return rest(fromOffset);
  }

  @Override
  public void close() {
    closed = true;
  }

  private ExtentCursor rest(long fromOffset) throws TrackingUnavailable {
    if (fromOffset < 0) {
      throw new IllegalArgumentException("offset is " + fromOffset);
    }
    if (closed) {
      throw new TrackingUnavailable("the full scan is closed", "");
    }
    return ExtentCursor.of(
        fromOffset < sizeBytes ? List.of(Extent.between(fromOffset, sizeBytes)) : List.of());
  }
}
