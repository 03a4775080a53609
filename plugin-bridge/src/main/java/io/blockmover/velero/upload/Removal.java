package io.blockmover.velero.upload;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.velero.pod.MoverPods;
import io.blockmover.velero.pod.PodState;
import io.blockmover.velero.pod.PodView;
import io.blockmover.velero.transfer.Transfer;
import java.time.Instant;
import java.util.Optional;

/**
 * Removes what was made for an upload, in the order that storage wants: pods, claims with their
 * volumes, snapshots. Each is waited for before the next is touched.
 */
final class Removal {

  private final Cluster cluster;
  private final MoverPods pods;
  private final BlockClaims claims;
  private final BaseSnapshots bases;
  private final SourceSnapshot source;

  Removal(Cluster cluster, MoverPods pods, String namespace) {
    this.cluster = cluster;
    this.pods = pods;
    this.claims = new BlockClaims(cluster);
    this.bases = new BaseSnapshots(cluster, namespace);
    this.source = new SourceSnapshot(cluster);
  }

  /** Does what can be done by now. What is waited for, for people; empty if nothing is left. */
  Optional<String> pods(Transfer transfer, Instant now) throws MoverException {
    String namespace = transfer.name().namespace();
    Optional<String> left = Optional.empty();
    for (ClusterObject each : pods.list(transfer.labels())) {
      PodView pod = new PodView(each);
      if (!pod.deleting()) {
        cluster.objects().delete(ObjectKind.POD, namespace, each);
      }
      if (!(pod.deleting() && pod.state(now) instanceof PodState.Died)) { // Its node may be dead.
        left = Optional.of("pod " + namespace + "/" + each.name() + " to be gone");
      }
    }
    return left;
  }

  /** As {@link #pods}: claims and their volumes. */
  Optional<String> volumes(Transfer transfer) throws MoverException {
    return claims.removeAll(transfer);
  }

  /**
   * As {@link #pods}: the snapshots.
   *
   * @param keep whether the transfer's own stays
   * @param superseded whether the bases before it go
   */
  Optional<String> snapshots(
      Transfer transfer, Optional<UploadRequest> request, boolean keep, boolean superseded)
      throws MoverException {
    Optional<ClusterObject> own = cluster.objects().find(ObjectKind.CONTENT, transfer.objectName());
    if (request.isPresent()
        && !(own.isEmpty()
            ? destroySource(transfer, request.get())
            : source.release(request.get().snapshot(), own.get()))) {
      return Optional.of("VolumeSnapshot " + request.get().snapshot() + " to be gone");
    }
    if (keep) {
      bases.keep(transfer);
    }
    if (superseded && request.isPresent()) {
      bases.releaseOthers(transfer, request.get().claimUid());
    }
    if (!keep && own.isPresent()) {
      bases.release(own.get());
      return Optional.of("VolumeSnapshotContent " + own.get().name() + " to be gone");
    }
    return Optional.empty();
  }

  /** Where nothing of ours stands for it, or does no more. */
  private boolean destroySource(Transfer transfer, UploadRequest request) throws MoverException {
    Optional<ClusterObject> snapshot =
        cluster.objects().find(ObjectKind.SNAPSHOT, SnapshotTakeover.own(transfer));
    if (snapshot.isPresent() && !snapshot.get().deleting()) {
      cluster.objects().delete(ObjectKind.SNAPSHOT, transfer.name().namespace(), snapshot.get());
    }
    return source.destroy(request.snapshot());
  }
}
