package io.blockmover.fullscan;

import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.SnapshotReference;

/** Offers the full scan: applies to everything, needs nothing. */
public final class FullScanProvider implements ChangeTrackerProvider {

  @Override
  public String name() {
    return "full-scan";
  }

  @Override
  public Applicability applicability(SnapshotReference target) {
    return new Applicability.Applicable();
  }

  @Override
  public ChangeTracker open(SnapshotReference target) {
    return new FullScanTracker(target.sizeBytes());
  }
}
