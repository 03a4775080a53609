package io.blockmover.velero.upload;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.transfer.Transfer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The claims in Block mode that are made of a transfer's snapshot, whatever the mode of the source,
 * and their volumes: both go when the transfer ends.
 */
final class BlockClaims {

  private static final String METADATA = "metadata";
  private static final String SPEC = "spec";
  private static final String LABELS = "labels";
  private static final String POLICY = "persistentVolumeReclaimPolicy";

  private final ClusterObjects objects;

  BlockClaims(Cluster cluster) {
    this.objects = cluster.objects();
  }

  /**
   * Makes one.
   *
   * @param storageClass empty for the cluster's default
   */
  ClusterObject ensure(
      Transfer transfer, ObjectName name, SnapshotTakeover.Own snapshot, String storageClass)
      throws MoverException {
    Map<String, Object> spec = new HashMap<>();
    spec.put("accessModes", List.of("ReadWriteOnce"));
    spec.put("volumeMode", "Block");
    spec.put(
        "resources", Map.of("requests", Map.of("storage", Long.toString(snapshot.sizeBytes()))));
    spec.put(
        "dataSource",
        Map.of(
            "apiGroup",
            "snapshot.storage.k8s.io",
            "kind",
            "VolumeSnapshot",
            "name",
            snapshot.name().name()));
    if (!storageClass.isEmpty()) {
      spec.put("storageClassName", storageClass);
    }
    return objects.ensure(
        ObjectKind.CLAIM,
        name,
        Map.of(
            METADATA,
            Map.of(LABELS, transfer.labels(), "ownerReferences", List.of(transfer.owner())),
            SPEC,
            spec));
  }

  /** Begins to remove those that are of another attempt. */
  void removeOthers(Transfer transfer, ObjectName current) throws MoverException {
    for (ClusterObject claim : claims(transfer)) {
      if (!claim.name().equals(current.name())) {
        remove(transfer.labels(), transfer.name().namespace(), claim);
      }
    }
  }

  /**
   * Begins to remove all of them and their volumes; to be called until nothing is left.
   *
   * @return what is still there, for people; empty if nothing is
   */
  Optional<String> removeAll(Transfer transfer) throws MoverException {
    List<ClusterObject> claims = claims(transfer);
    for (ClusterObject claim : claims) {
      remove(transfer.labels(), transfer.name().namespace(), claim);
    }
    if (!claims.isEmpty()) {
      return Optional.of(
          "claim " + transfer.name().namespace() + "/" + claims.getFirst().name() + " to be gone");
    }
    return objects.list(ObjectKind.VOLUME, "", transfer.labels()).stream()
        .findFirst()
        .map(volume -> "volume " + volume.name() + " to be deleted by its driver");
  }

  private List<ClusterObject> claims(Transfer transfer) throws MoverException {
    return objects.list(ObjectKind.CLAIM, transfer.name().namespace(), transfer.labels());
  }

  /**
   * Begins to remove a claim. Its volume goes with it, and is found again until it has.
   *
   * @param labels of what is made for the claim's transfer
   */
  void remove(Map<String, String> labels, String namespace, ClusterObject claim)
      throws MoverException {
    if (!claim.deleting()) {
      bind(labels, claim);
      objects.delete(ObjectKind.CLAIM, namespace, claim);
    }
  }

  /**
   * Makes the volume of a claim go with it, whatever its class says: also if the claim goes by
   * itself, because its owner did.
   */
  void bind(Transfer transfer, ObjectName name) throws MoverException {
    Optional<ClusterObject> claim = objects.find(ObjectKind.CLAIM, name);
    if (claim.isPresent()) {
      bind(transfer.labels(), claim.get());
    }
  }

  private void bind(Map<String, String> labels, ClusterObject claim) throws MoverException {
    Optional<String> name = claim.text(SPEC, "volumeName");
    Optional<ClusterObject> volume =
        name.isEmpty() ? Optional.empty() : objects.find(ObjectKind.VOLUME, name.get());
    boolean its =
        volume
            .flatMap(found -> found.text(SPEC, "claimRef", "uid"))
            .equals(Optional.of(claim.uid()));
    if (its && !doomed(labels, volume.orElseThrow())) {
      objects.patch(
          ObjectKind.VOLUME,
          "",
          name.orElseThrow(),
          Map.of(METADATA, Map.of(LABELS, labels), SPEC, Map.of(POLICY, "Delete")));
    }
  }

  private static boolean doomed(Map<String, String> labels, ClusterObject volume) {
    String uid = volume.labels().getOrDefault(Transfer.UID_LABEL, "");
    return uid.equals(labels.getOrDefault(Transfer.UID_LABEL, ""))
        && volume.text(SPEC, POLICY).orElse("").equals("Delete");
  }
}
