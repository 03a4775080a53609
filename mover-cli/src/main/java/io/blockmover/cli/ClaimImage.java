package io.blockmover.cli;

import io.blockmover.api.Cancelled;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.LocatedSnapshot.Lineage;
import io.blockmover.ceph.rbd.OpenSnapshot;
import io.blockmover.ceph.rbd.csi.CsiClusters;
import io.blockmover.ceph.rbd.csi.CsiHandle;
import io.blockmover.ceph.rbd.csi.CsiSnapshots;
import io.blockmover.ceph.rbd.csi.CsiVolumes;
import io.blockmover.ceph.rbd.kubernetes.KubernetesClusters;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.kubernetes.ClaimFacts;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.SnapshotAttributes;
import io.blockmover.kubernetes.SnapshotState;
import io.blockmover.kubernetes.VolumeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The image behind a claim of ceph-csi, and the VolumeSnapshots of the claim.
 *
 * @param snapshots in the order of their age
 */
record ClaimImage(CsiVolumes.Image image, List<TakenSnapshot> snapshots) {

  /**
   * A VolumeSnapshot of the claim.
   *
   * @param snapshotId of its snapshot on the claim's image; 0 if there is none
   * @param why it is no base for a delta, a sentence; empty if it is one
   */
  record TakenSnapshot(String name, long snapshotId, String why) {}

  /**
   * Looks them up.
   *
   * @throws Complaint if the claim is of another driver
   */
  static ClaimImage find(ObjectName claim, Surroundings surroundings)
      throws MoverException, Complaint {
    CephLibrary library =
        switch (CephLibrary.load()) {
          case CephLibrary.Loading.Loaded(CephLibrary loaded) -> loaded;
          case CephLibrary.Loading.Unavailable(String reason) -> throw new DeviceFailed(reason, "");
        };
    CsiClusters clusters =
        new KubernetesClusters(
            () -> ClusterSnapshot.open(surroundings), surroundings.environment());
    try (Cluster cluster = ClusterSnapshot.open(surroundings)) {
      ClaimFacts found = cluster.claims().load(claim);
      found.requireBound();
      VolumeFacts volume =
          cluster
              .claims()
              .volumeOf(found)
              .orElseThrow(() -> Complaint.failure("claim " + claim + " is of no CSI driver", ""));
      CsiHandle handle =
          CsiHandle.parse(volume.volumeHandle())
              .filter(_ -> CsiSnapshots.isDriver(volume.driver()))
              .orElseThrow(
                  () ->
                      Complaint.failure(
                          "claim %s is volume '%s' of driver %s, which is no image of ceph-csi"
                              .formatted(claim, volume.volumeHandle(), volume.driver()),
                          "name a claim of ceph-csi's driver for RBD"));
      SnapshotReference reference =
          new SnapshotReference(
              volume.driver(),
              "",
              volume.volumeHandle(),
              found.sizeBytes(),
              Map.of(
                  SnapshotAttributes.NAMESPACE,
                  claim.namespace(),
                  SnapshotAttributes.CLAIM,
                  claim.name()));
      CsiVolumes.Image image = new CsiVolumes(clusters, library).find(reference, handle);
      return new ClaimImage(image, snapshots(cluster, claim, new CsiSnapshots(clusters), library));
    }
  }

  private static List<TakenSnapshot> snapshots(
      Cluster cluster, ObjectName claim, CsiSnapshots locator, CephLibrary library)
      throws MoverException {
    List<TakenSnapshot> all = new ArrayList<>();
    for (SnapshotState state : cluster.snapshots().list(claim.namespace())) {
      if (state.claim().equals(Optional.of(claim.name()))) {
        all.add(look(cluster, state, locator, library));
      }
    }
    return all;
  }

  private static TakenSnapshot look(
      Cluster cluster, SnapshotState state, CsiSnapshots locator, CephLibrary library)
      throws MoverException {
    String name = state.name().name();
    try {
      SnapshotReference reference = cluster.snapshots().facts(state).reference();
      if (locator.applicability(reference) instanceof Applicability.NotApplicable(String why)) {
        return new TakenSnapshot(name, 0, why);
      }
      try (OpenSnapshot open = locator.open(library, reference)) {
        return switch (open.snapshot().lineage()) {
          case Lineage.Known(var own) -> new TakenSnapshot(name, own.snapshotId(), "");
          case Lineage.Lost(_, String sentence) -> new TakenSnapshot(name, 0, sentence);
        };
      }
    } catch (Cancelled e) {
      throw e;
    } catch (MoverException e) {
      return new TakenSnapshot(name, 0, String.valueOf(e.getMessage()));
    }
  }
}
