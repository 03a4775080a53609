package io.blockmover.cli;

import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Opens a VolumeSnapshot's bytes where its storage keeps them: without a device, a volume made of
 * it, or a pod.
 */
final class StorageReader {

  private StorageReader() {}

  static Sources.Opened open(ObjectName snapshot, Surroundings surroundings)
      throws MoverException, Complaint {
    SnapshotReference reference;
    try (Cluster cluster = ClusterSnapshot.open(surroundings)) {
      reference = cluster.snapshots().load(snapshot).reference();
    }
    List<String> reasons = new ArrayList<>();
    for (ChangeTrackerProvider provider : TrackingOption.trackers(reference, surroundings)) {
      Optional<BlockSource> source = open(provider, reference, reasons);
      if (source.isPresent()) {
        return new Sources.Opened(source.get(), "snapshot", "", reference);
      }
    }
    throw Complaint.failure(
        "VolumeSnapshot %s of driver %s cannot be read without a device%s"
            .formatted(
                snapshot,
                reference.driver(),
                reasons.isEmpty() ? "" : ": " + String.join("; ", reasons)),
        "name the device of a Block volume that was restored from it, or let backup --pvc make"
            + " one");
  }

  private static Optional<BlockSource> open(
      ChangeTrackerProvider provider, SnapshotReference reference, List<String> reasons)
      throws MoverException {
    if (provider.applicability(reference) instanceof Applicability.NotApplicable(String why)) {
      reasons.add(provider.name() + ": " + why);
      return Optional.empty();
    }
    try {
      return provider.openSource(reference);
    } catch (Cancelled e) {
      throw e;
    } catch (MoverException e) {
      reasons.add(
          provider.name()
              + ": "
              + e.getMessage()
              + (e.advice().isEmpty() ? "" : " (" + e.advice() + ")"));
      return Optional.empty();
    }
  }
}
