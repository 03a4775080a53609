package io.blockmover.repository.map;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import java.util.Optional;

/** What two backups know of the snapshots that they were made of. */
public final class MapTracker implements ChangeTracker {

  private final LayeredMap target;
  private final Bases bases;

  /** The maps of earlier backups. */
  public interface Bases {

    /**
     * The map of one.
     *
     * @throws io.blockmover.api.BaseSnapshotMissing if there is none
     */
    LayeredMap load(ChangeId base) throws MoverException;
  }

  public MapTracker(LayeredMap target, Bases bases) {
    this.target = target;
    this.bases = bases;
  }

  @Override
  public ExtentQuality quality() {
    return ExtentQuality.EXACT;
  }

  /** Nothing: a backup is found by the snapshot that it was made of. */
  @Override
  public Optional<ChangeId> changeId() {
    return Optional.empty();
  }

  @Override
  public ExtentCursor allocated(long fromOffset) throws MoverException {
    return AllocatedExtents.of(target, fromOffset);
  }

  @Override
  public ExtentCursor changedSince(ChangeId base, long fromOffset) throws MoverException {
    return MapDifference.between(bases.load(base), target, fromOffset);
  }

  @Override
  public void close() {}
}
