package io.blockmover.api.tracking;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import java.util.Optional;

/** Makes trackers of one kind; found by {@link java.util.ServiceLoader}. Thread-safe. */
public interface ChangeTrackerProvider {

  /** The name used in rules, manifests and metrics, such as {@code "full-scan"}. */
  String name();

  /**
   * Whether the snapshot is of a storage that this tracker was made for. One that is not is left
   * out without a word: nobody expected anything of it. Cheap; no request.
   */
  default boolean concerns(SnapshotReference target) {
    return true;
  }

  /**
   * Whether this tracker can be asked about the snapshot, and where not, why. Cheap; no request.
   */
  Applicability applicability(SnapshotReference target);

  /**
   * Opens a tracker for one target snapshot.
   *
   * @throws io.blockmover.api.TrackingUnavailable if the service behind it does not answer
   * @throws IllegalArgumentException if {@link #applicability} says that it does not apply
   */
  ChangeTracker open(SnapshotReference target) throws MoverException;

  /**
   * Opens the snapshot's bytes where its storage keeps them: without a device, and without a volume
   * made of it.
   *
   * @return to be closed by the caller; empty if this provider reads no bytes
   * @throws io.blockmover.api.TrackingUnavailable if it does, and cannot read these
   * @throws IllegalArgumentException if {@link #applicability} says that it does not apply
   */
  default Optional<BlockSource> openSource(SnapshotReference target) throws MoverException {
    return Optional.empty();
  }
}
