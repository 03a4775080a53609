package io.blockmover.cli;

import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.SnapshotReference;

/**
 * A tracker that would be asked if more were known of the snapshot. It says why it is not: that is
 * a step down like any other, in log and manifest.
 */
record NotAsked(String name, String why) implements ChangeTrackerProvider {

  /** The tracker itself, if it needs to know no more than there is. */
  static ChangeTrackerProvider of(ChangeTrackerProvider tracker, ClusterSnapshot what) {
    return tracker.applicability(what.reference()) instanceof Applicability.Applicable
        ? tracker
        : new NotAsked(tracker.name(), what.whyNotAsked());
  }

  @Override
  public Applicability applicability(SnapshotReference target) {
    return new Applicability.NotApplicable(why);
  }

  @Override
  public ChangeTracker open(SnapshotReference target) {
    throw new IllegalArgumentException(why);
  }
}
