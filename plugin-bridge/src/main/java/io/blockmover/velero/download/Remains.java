package io.blockmover.velero.download;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.transfer.Transfer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What there is of the objects that were made for a transfer, and their removal. */
final class Remains {

  /** How long a pod may take to go, after its grace. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final ClusterObjects objects;

  Remains(ClusterObjects objects) {
    this.objects = objects;
  }

  ObjectName claimName(Transfer transfer) {
    return new ObjectName(transfer.name().namespace(), transfer.objectName());
  }

  Optional<ClusterObject> claim(Transfer transfer) throws MoverException {
    return objects.find(ObjectKind.CLAIM, claimName(transfer));
  }

  /** The class of a claim; empty if it is not there yet, or names none. */
  String classOf(ObjectName claim) throws MoverException {
    return objects
        .find(ObjectKind.CLAIM, claim)
        .flatMap(found -> new TargetClaim(found).storageClass())
        .orElse("");
  }

  /** The volume behind our claim, if it really is that claim's. */
  Optional<RestoredVolume> volumeOf(Optional<ClusterObject> claim) throws MoverException {
    Optional<String> name = claim.flatMap(found -> found.text("spec", "volumeName"));
    if (claim.isEmpty() || name.isEmpty()) {
      return Optional.empty();
    }
    return objects
        .find(ObjectKind.VOLUME, name.get())
        .map(RestoredVolume::new)
        .filter(volume -> volume.belongsTo(claim.get().uid()));
  }

  /** The volumes with our marks. */
  Volumes volumes(Transfer transfer) throws MoverException {
    List<RestoredVolume> found =
        objects.list(ObjectKind.VOLUME, "", transfer.labels()).stream()
            .map(RestoredVolume::new)
            .toList();
    Predicate<RestoredVolume> rebuilt =
        volume -> volume.name().equals(Volumes.rebuiltName(transfer.uid()));
    return new Volumes(
        found.stream().filter(rebuilt.negate()).findFirst(),
        found.stream().filter(rebuilt).findFirst());
  }

  /**
   * Ends the pods, with the grace that they have: one that is deleted by force is gone before its
   * node has given up the device. Empty if none is left.
   */
  Optional<Step> removePods(Transfer transfer) throws MoverException {
    return removePods(transfer, pod -> true);
  }

  Optional<Step> removePods(Transfer transfer, Predicate<ClusterObject> which)
      throws MoverException {
    String namespace = transfer.name().namespace();
    List<ClusterObject> pods =
        objects.list(ObjectKind.POD, namespace, transfer.labels()).stream().filter(which).toList();
    for (ClusterObject pod : pods) {
      if (!pod.deleting()) {
        objects.delete(ObjectKind.POD, namespace, pod);
        return Optional.of(new Step.Done());
      }
    }
    return pods.stream()
        .findFirst()
        .map(pod -> new Step.Waits("pod " + namespace + "/" + pod.name() + " to be gone"));
  }

  /**
   * A pod that should be gone for long: its node does not answer. As long as nobody knows that it
   * is dead, it may write to the volume.
   */
  Optional<Step> stuckPod(Transfer transfer, Instant now) throws MoverException {
    return objects.list(ObjectKind.POD, transfer.name().namespace(), transfer.labels()).stream()
        .filter(pod -> pod.deletion().filter(end -> end.plus(PATIENCE).isBefore(now)).isPresent())
        .findFirst()
        .map(
            pod ->
                new Step.Impossible(
                    "pod %s/%s does not go away: node %s does not answer"
                        .formatted(
                            pod.namespace(),
                            pod.name(),
                            pod.text("spec", "nodeName").orElse("of it")),
                    "bring the node back, or delete it if it is certainly off; restore again"));
  }

  /** Deletes our claim. Empty if it is gone. */
  Optional<Step> removeClaim(Transfer transfer) throws MoverException {
    Optional<ClusterObject> claim = claim(transfer);
    if (claim.isEmpty()) {
      return Optional.empty();
    }
    if (!claim.get().deleting()) {
      objects.delete(ObjectKind.CLAIM, transfer.name().namespace(), claim.get());
      return Optional.of(new Step.Done());
    }
    return Optional.of(new Step.Waits("claim " + claimName(transfer) + " to be gone"));
  }
}
