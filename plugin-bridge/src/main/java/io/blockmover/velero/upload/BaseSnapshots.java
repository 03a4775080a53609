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
 * Snapshots that stay after their backup, as the base of the next one's delta: at most one a volume
 * once a backup has ended. Their content is set to Retain, so that not even the loss of Velero's
 * namespace takes a base along; whoever releases one sets it back to Delete first.
 */
final class BaseSnapshots {

  static final String ROLE = "blockmover.io/role";
  static final String BASE = "base";

  /** On contents and snapshots of ours: uid of the claim whose volume they are of. */
  static final String CLAIM_UID = "blockmover.io/claim-uid";

  /** On contents of ours: namespace and name of that claim. */
  static final String CLAIM = "blockmover.io/claim";

  private final ClusterObjects objects;
  private final String namespace;

  /**
   * @param namespace Velero's
   */
  BaseSnapshots(Cluster cluster, String namespace) {
    this.objects = cluster.objects();
    this.namespace = namespace;
  }

  /** Makes a transfer's own snapshot a base. */
  void keep(Transfer transfer) throws MoverException {
    Optional<ClusterObject> content = objects.find(ObjectKind.CONTENT, transfer.objectName());
    if (content.isEmpty()) {
      return; // Somebody deleted it: the next backup compares.
    }
    if (!isBase(content.get())) {
      Map<String, Object> patch = new HashMap<>();
      patch.put("metadata", Map.of("labels", Map.of(ROLE, BASE)));
      patch.put("spec", Map.of("deletionPolicy", "Retain"));
      objects.patch(ObjectKind.CONTENT, "", content.get().name(), patch);
    }
    Optional<ClusterObject> snapshot =
        objects.find(ObjectKind.SNAPSHOT, SnapshotTakeover.own(transfer));
    if (snapshot.isPresent() && !isBase(snapshot.get())) {
      objects.patch(
          ObjectKind.SNAPSHOT,
          namespace,
          snapshot.get().name(),
          Map.of("metadata", Map.of("labels", Map.of(ROLE, BASE))));
    }
  }

  /** Begins to remove all bases of a volume but a transfer's own snapshot. */
  void releaseOthers(Transfer transfer, String claimUid) throws MoverException {
    for (ClusterObject content : of(claimUid)) {
      if (!content.name().equals(transfer.objectName())) {
        release(content);
      }
    }
  }

  /** The bases of a volume; of all volumes if the uid is empty. */
  List<ClusterObject> of(String claimUid) throws MoverException {
    Map<String, String> labels = new HashMap<>();
    labels.put(Transfer.MANAGER_LABEL, Transfer.MANAGER);
    labels.put(ROLE, BASE);
    if (!claimUid.isEmpty()) {
      labels.put(CLAIM_UID, claimUid);
    }
    return objects.list(ObjectKind.CONTENT, "", labels);
  }

  static boolean isBase(ClusterObject object) {
    return BASE.equals(object.labels().get(ROLE));
  }

  /**
   * Begins to remove a snapshot of ours, the storage's included.
   *
   * @return whether it is gone
   */
  boolean release(ClusterObject content) throws MoverException {
    SourceSnapshot.setPolicy(objects, content, "Delete");
    Optional<ClusterObject> snapshot =
        objects.find(ObjectKind.SNAPSHOT, new ObjectName(namespace, content.name()));
    if (snapshot.isPresent()) {
      if (!snapshot.get().deleting()) {
        objects.delete(ObjectKind.SNAPSHOT, namespace, snapshot.get());
      }
    } else if (!content.deleting()) {
      objects.delete(ObjectKind.CONTENT, "", content);
    }
    return false;
  }
}
