package io.blockmover.engine.backup;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.api.tracking.SnapshotReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which tracker lists the extents, and how it was reached: the ladder. Deltas first, then lists of
 * allocated extents to compare within; each step down is a sentence in {@link #steps}, is logged,
 * and keeps the parent.
 *
 * @param tracker open; closed with this
 * @param listed what to look at
 * @param unlistedIsZero whether the rest is zeros (allocated list) or unchanged (delta)
 * @param reason why this tracker, for the user
 */
record TrackerChoice(
    ChangeTracker tracker,
    String name,
    ExtentCursor listed,
    ExtentQuality quality,
    boolean unlistedIsZero,
    String reason,
    List<String> steps)
    implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TrackerChoice.class);

  /** What the last backup recorded: which tracker, and what it wants to hear again. */
  record Recorded(String tracker, ChangeId changeId) {}

  /**
   * Walks down the ladder until a tracker answers.
   *
   * @param recorded empty if there is no parent, or it recorded nothing
   * @throws TrackingUnavailable if none answers
   */
  static TrackerChoice walk(
      List<ChangeTrackerProvider> providers,
      SnapshotReference target,
      boolean hasParent,
      Optional<Recorded> recorded)
      throws MoverException {
    List<String> steps = new ArrayList<>();
    for (ChangeTrackerProvider provider : providers) {
      if (provider.applicability(target) instanceof Applicability.NotApplicable(String reason)) {
        step(steps, provider.name() + ": " + reason);
        continue;
      }
      try {
        return ask(provider, target, hasParent, recorded, steps);
      } catch (TrackingUnavailable e) {
        step(steps, provider.name() + ": " + e.getMessage());
      }
    }
    throw new TrackingUnavailable(
        "no tracker can say anything about " + target.volumeHandle() + ": " + steps,
        "allow the tracker full-scan, which works everywhere");
  }

  private static TrackerChoice ask(
      ChangeTrackerProvider provider,
      SnapshotReference target,
      boolean hasParent,
      Optional<Recorded> recorded,
      List<String> steps)
      throws MoverException {
    ChangeTracker tracker = provider.open(target);
    try {
      Optional<ChangeId> base =
          recorded.filter(r -> r.tracker().equals(provider.name())).map(Recorded::changeId);
      if (base.isPresent()) {
        try {
          ExtentCursor delta = tracker.changedSince(base.get(), 0);
          return new TrackerChoice(
              tracker,
              provider.name(),
              delta,
              tracker.quality(),
              false,
              "it knows what changed since the last backup",
              steps);
        } catch (BaseSnapshotMissing e) {
          step(steps, provider.name() + ": " + e.getMessage());
        }
      }
      // A list of allocated extents is compared with the parent, however exact it is.
      ExtentQuality quality =
          hasParent || tracker.quality() == ExtentQuality.EXACT
              ? ExtentQuality.CANDIDATE
              : tracker.quality();
      return new TrackerChoice(
          tracker,
          provider.name(),
          tracker.allocated(0),
          quality,
          true,
          hasParent
              ? "what it lists is compared with the last backup"
              : "there is no earlier backup to compare with",
          steps);
    } catch (MoverException | RuntimeException e) {
      tracker.close();
      throw e;
    }
  }

  private static void step(List<String> steps, String sentence) {
    LOG.warn("Tracker not used: {}", sentence);
    steps.add(sentence);
  }

  @Override
  public void close() {
    listed.close();
    tracker.close();
  }
}
