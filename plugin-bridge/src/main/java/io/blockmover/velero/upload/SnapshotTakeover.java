package io.blockmover.velero.upload;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.SnapshotFacts;
import io.blockmover.kubernetes.SnapshotState;
import io.blockmover.velero.transfer.Transfer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the storage's snapshot ours: a VolumeSnapshotContent and a VolumeSnapshot of our own in
 * Velero's namespace stand for the handle that the source's stood for, which then go. At each
 * moment at least one content has the handle; the source's is set to Retain before it goes, so that
 * the storage's snapshot outlives it.
 */
final class SnapshotTakeover {

  private static final String MODE_CHANGE =
      "snapshot.storage.kubernetes.io/allow-volume-mode-change";
  private static final String CSI_MANAGER = "snapshot.storage.kubernetes.io/managed-by";
  private static final String METADATA = "metadata";
  private static final String SPEC = "spec";

  private final Cluster cluster;
  private final ClusterObjects objects;

  SnapshotTakeover(Cluster cluster) {
    this.cluster = cluster;
    this.objects = cluster.objects();
  }

  /**
   * The snapshot that is ours.
   *
   * @param sizeBytes of the volume that is made of it
   */
  record Own(ObjectName name, String driver, long sizeBytes) {}

  /** Does what can be done by now; asked again until it is ready. */
  Readiness<Own> take(Transfer transfer, UploadRequest request) throws MoverException, GiveUp {
    Optional<ClusterObject> content = ownContent(transfer);
    if (content.isEmpty()) {
      Readiness<ClusterObject> made = createContent(transfer, request);
      if (made instanceof Readiness.Waits<ClusterObject>(String reason)) {
        return new Readiness.Waits<>(reason);
      }
      content = Optional.of(((Readiness.Ready<ClusterObject>) made).value());
    }
    ObjectName name = own(transfer);
    SnapshotState own = cluster.snapshots().find(name).orElse(null);
    if (own == null) {
      createSnapshot(transfer, request, content.get());
      new SourceSnapshot(cluster).release(request.snapshot(), content.get());
      return new Readiness.Waits<>("VolumeSnapshot " + name + " to be bound");
    }
    new SourceSnapshot(cluster).release(request.snapshot(), content.get());
    return ready(transfer, own, content.get());
  }

  Optional<ClusterObject> ownContent(Transfer transfer) throws MoverException {
    return objects.find(ObjectKind.CONTENT, transfer.objectName());
  }

  static ObjectName own(Transfer transfer) {
    return new ObjectName(transfer.name().namespace(), transfer.objectName());
  }

  /** As far as its content says. */
  static Own own(Transfer transfer, ClusterObject content) {
    return new Own(
        own(transfer),
        content.text(SPEC, "driver").orElse(""),
        Long.parseLong(content.annotations().getOrDefault(SourceSnapshot.SIZE, "0")));
  }

  private static Readiness<Own> ready(Transfer transfer, SnapshotState own, ClusterObject content)
      throws GiveUp {
    ObjectName name = own.name();
    if (own.deleting() || content.deleting()) {
      throw new GiveUp(
          "VolumeSnapshot " + name + " of the running backup is being deleted by somebody else",
          "leave objects with the label " + Transfer.UID_LABEL + " alone; back up again");
    }
    if (!own.ready()) {
      return new Readiness.Waits<>(
          "VolumeSnapshot "
              + name
              + " to be ready to use"
              + own.error().map(error -> "; the driver says: " + error).orElse(""));
    }
    Own known = own(transfer, content);
    long size = own.restoreSizeBytes().orElse(0);
    return new Readiness.Ready<>(size <= 0 ? known : new Own(name, known.driver(), size));
  }

  private Readiness<ClusterObject> createContent(Transfer transfer, UploadRequest request)
      throws MoverException, GiveUp {
    ObjectName source = request.snapshot();
    Optional<SnapshotState> found = cluster.snapshots().find(source);
    if (found.isEmpty() || found.get().deleting()) {
      throw new GiveUp(
          "VolumeSnapshot %s, which Velero took for this backup, %s"
              .formatted(source, found.isEmpty() ? "is gone" : "is being deleted"),
          "was its namespace deleted? Back up again");
    }
    SnapshotFacts facts;
    try {
      facts = cluster.snapshots().facts(found.get());
    } catch (ClusterObjectUnusable e) {
      return new Readiness.Waits<>(source + ": " + e.getMessage());
    }
    ClusterObject content =
        objects
            .find(ObjectKind.CONTENT, facts.content())
            .orElseThrow(
                () -> ClusterObjectUnusable.notReady(facts.content() + " has just vanished", ""));
    return new Readiness.Ready<>(
        objects.ensure(
            ObjectKind.CONTENT, transfer.objectName(), content(transfer, request, facts, content)));
  }

  private static Map<String, Object> content(
      Transfer transfer, UploadRequest request, SnapshotFacts facts, ClusterObject source) {
    Map<String, String> annotations = new HashMap<>(source.annotations());
    annotations.remove("snapshot.storage.kubernetes.io/volumesnapshot-being-deleted");
    annotations.remove("snapshot.storage.kubernetes.io/volumesnapshot-being-created");
    annotations.put(MODE_CHANGE, "true");
    annotations.put(SourceSnapshot.CONTENT, facts.content());
    annotations.put(SourceSnapshot.UID, facts.uid());
    annotations.put(SourceSnapshot.SIZE, String.valueOf(facts.restoreSizeBytes()));
    annotations.put(SnapshotFacts.VOLUME_HANDLE, facts.volumeHandle());
    annotations.put(BaseSnapshots.CLAIM, request.claim().toString());
    Map<String, String> labels = labels(transfer, request);
    Optional.ofNullable(source.labels().get(CSI_MANAGER))
        .ifPresent(value -> labels.put(CSI_MANAGER, value));
    Map<String, Object> spec = new HashMap<>();
    spec.put("deletionPolicy", "Delete");
    spec.put("driver", facts.driver());
    spec.put("source", Map.of("snapshotHandle", facts.handle()));
    source
        .text(SPEC, "volumeSnapshotClassName")
        .ifPresent(name -> spec.put("volumeSnapshotClassName", name));
    facts.volumeMode().ifPresent(mode -> spec.put("sourceVolumeMode", mode));
    spec.put(
        "volumeSnapshotRef",
        Map.of(
            "apiVersion",
            ObjectKind.SNAPSHOT.apiVersion(),
            "kind",
            ObjectKind.SNAPSHOT.kind(),
            "namespace",
            transfer.name().namespace(),
            "name",
            transfer.objectName()));
    return Map.of(METADATA, Map.of("labels", labels, "annotations", annotations), SPEC, spec);
  }

  private static Map<String, String> labels(Transfer transfer, UploadRequest request) {
    Map<String, String> labels = new HashMap<>(transfer.labels());
    labels.put(BaseSnapshots.CLAIM_UID, request.claimUid());
    return labels;
  }

  private void createSnapshot(Transfer transfer, UploadRequest request, ClusterObject content)
      throws MoverException {
    Map<String, Object> spec = new HashMap<>();
    spec.put("source", Map.of("volumeSnapshotContentName", content.name()));
    content
        .text(SPEC, "volumeSnapshotClassName")
        .ifPresent(name -> spec.put("volumeSnapshotClassName", name));
    objects.ensure(
        ObjectKind.SNAPSHOT,
        own(transfer),
        Map.of(METADATA, Map.of("labels", labels(transfer, request)), SPEC, spec));
  }
}
