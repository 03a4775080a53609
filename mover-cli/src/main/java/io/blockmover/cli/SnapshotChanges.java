package io.blockmover.cli;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.cli.output.HeatStrip;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a tracker says of one snapshot.
 *
 * @param changeId what the next snapshot's changes are asked for with; null if there is none
 * @param allocatedBytes -1 if nobody says
 * @param changedBytes since the snapshot before; -1 if nobody says, or there is none
 * @param note why something is not known; empty if all is
 */
record SnapshotChanges(
    @Nullable ChangeId changeId,
    long allocatedBytes,
    long changedBytes,
    @Nullable HeatStrip strip,
    String note) {

  private static final int PARTS = 64;

  /**
   * Asks the first tracker that applies and is no comparison.
   *
   * @param before the change id of the snapshot before, null if there is none
   */
  static SnapshotChanges of(
      SnapshotReference snapshot, @Nullable ChangeId before, List<ChangeTrackerProvider> trackers) {
    Optional<ChangeTrackerProvider> provider =
        trackers.stream()
            .filter(tracker -> !tracker.name().equals("full-scan"))
            .filter(tracker -> tracker.applicability(snapshot) instanceof Applicability.Applicable)
            .findFirst();
    if (provider.isEmpty()) {
      return new SnapshotChanges(null, -1, -1, null, "no tracker knows this snapshot");
    }
    HeatStrip strip = new HeatStrip(snapshot.sizeBytes(), PARTS);
    long allocated = -1;
    @Nullable ChangeId own = null;
    try (ChangeTracker tracker = provider.get().open(snapshot)) {
      own = tracker.changeId().orElse(null);
      allocated = sum(tracker.allocated(0), strip::addAllocated);
      long changed = before == null ? -1 : sum(tracker.changedSince(before, 0), strip::addChanged);
      return new SnapshotChanges(own, allocated, changed, strip, "");
    } catch (MoverException e) {
      return new SnapshotChanges(
          own, allocated, -1, allocated < 0 ? null : strip, String.valueOf(e.getMessage()));
    }
  }

  private static long sum(ExtentCursor cursor, Consumer<Extent> each) throws MoverException {
    long sum = 0;
    try (cursor) {
      for (Extent extent = cursor.next(); extent != null; extent = cursor.next()) {
        sum += extent.length();
        each.accept(extent);
      }
    }
    return sum;
  }
}
