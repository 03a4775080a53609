package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingInterrupted;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.ExtentCursor;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tracker's stream, opened again where it broke for as long as that gets it on, and held to its
 * contract: ascending, disjoint, within the volume. For one thread.
 */
final class TrackedExtents implements ExtentCursor {

  /** Opens the stream at an offset. */
  interface Opener {
    ExtentCursor open(long from) throws MoverException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(TrackedExtents.class);

  private final String tracker;
  private final Opener opener;
  private final long limit;
  private ExtentCursor stream = ExtentCursor.of(List.of());
  private long position;
  private boolean reopened;
  private boolean violated;

  private TrackedExtents(String tracker, Opener opener, long from, long limit) {
    this.tracker = tracker;
    this.opener = opener;
    this.position = from;
    this.limit = limit;
  }

  /**
   * Opens the stream.
   *
   * @param limit no extent may reach beyond
   */
  static TrackedExtents open(String tracker, Opener opener, long from, long limit)
      throws MoverException {
    TrackedExtents extents = new TrackedExtents(tracker, opener, from, limit);
    try {
      extents.stream = opener.open(from);
    } catch (TrackingInterrupted e) {
      extents.reopen(e);
    }
    return extents;
  }

  /** Whether the tracker broke its contract: then nothing that it said is worth anything. */
  boolean isViolated() {
    return violated;
  }

  @Override
  public @Nullable Extent next() throws MoverException {
    while (true) {
      try {
        Extent extent = stream.next();
        return extent == null ? null : checked(extent);
      } catch (TrackingInterrupted e) {
        reopen(e);
      } catch (RuntimeException e) {
        throw violation("something that is no extent: " + e, e);
      }
    }
  }

  private Extent checked(Extent extent) throws TrackingUnavailable {
    long from = extent.offset();
    if (reopened && from < position && extent.end() > position) {
      from = position; // what reaches across the place where it broke has been told up to there
    }
    if (from < position || extent.end() > limit) {
      throw violation(
          extent + " after offset " + position + " in a volume of " + limit + " bytes", null);
    }
    reopened = false;
    position = extent.end();
    return Extent.between(from, position);
  }

  private TrackingUnavailable violation(String what, @Nullable Throwable cause) {
    violated = true;
    return new TrackingUnavailable(
        tracker + " broke its contract by reporting " + what,
        "tell whoever makes the tracker or the storage driver",
        cause);
  }

  /**
   * Everything before the end of what was delivered is known, whatever offset the tracker names.
   */
  private void reopen(TrackingInterrupted first) throws MoverException {
    TrackingInterrupted broken = first;
    while (true) {
      long resume = Math.max(position, Math.min(broken.resumeOffset(), limit));
      if (reopened && resume <= position) {
        throw new TrackingUnavailable(
            tracker + " broke off again at offset " + position + ": " + broken.getMessage(),
            "",
            broken);
      }
      LOG.info("{} broke off and goes on at offset {}: {}", tracker, resume, broken.getMessage());
      stream.close();
      position = resume;
      reopened = true;
      try {
        stream = opener.open(resume);
        return;
      } catch (TrackingInterrupted e) {
        broken = e;
      }
    }
  }

  @Override
  public void close() {
    stream.close();
  }
}
