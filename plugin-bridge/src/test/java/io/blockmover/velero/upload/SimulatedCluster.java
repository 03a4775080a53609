package io.blockmover.velero.upload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a cluster does with the objects of a DataUpload: snapshot controller, provisioner, kubelet.
 * Each {@link #settle} does one round of it, so that every state in between is seen. It knows which
 * snapshots and disks the storage has, and complains of what no storage could do.
 */
final class SimulatedCluster {

  static final String UID = "0f0e0d0c-0000-4000-8000-000000000001";
  static final String CLAIM_UID = "0f0e0d0c-0000-4000-8000-0000000000c1";
  static final String DRIVER = "disk.example.com";
  static final long BYTES = 1L << 30;
  static final String REPORT =
      """
      {"type":"backup","backup":"20260101-abc","volume":"app/data","volumeBytes":1073741824,\
      "readBytes":4096,"changedBytes":4096,"uploadedBytes":100,"tracker":"csi","steps":["because"]}\
      """;

  final FakeApiServer server = new FakeApiServer();

  /** The storage's snapshots, by handle. */
  final Set<String> snapshots = new TreeSet<>();

  /** The storage's volumes that were made of snapshots. */
  final Set<String> disks = new TreeSet<>();

  /** How pods end; null while they shall run. */
  String podMessage = REPORT;

  int exitCode;
  boolean podsEnd = true;
  boolean snapshotsGetReady = true;
  boolean claimsGetBound = true;
  boolean podsVanish = true;
  private String waitingReason = "";
  private String waitingMessage = "";
  private String vanishing = "";
  private int diskNumber;

  SimulatedCluster() {
    server.put(
        """
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "app"}}
        """);
    server.put(
        """
        {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "fast"},
         "provisioner": "disk.example.com", "volumeBindingMode": "Immediate"}
        """);
    server.put(
        """
        {"apiVersion": "velero.io/v1", "kind": "BackupStorageLocation",
         "metadata": {"namespace": "velero", "name": "default"},
         "spec": {"provider": "aws", "accessMode": "ReadWrite",
                  "objectStorage": {"bucket": "b", "prefix": "p"},
                  "config": {"region": "us-east-1"},
                  "credential": {"name": "cloud", "key": "cloud"}},
         "status": {"phase": "Available"}}
        """);
    claim();
    server.controller("VolumeSnapshotContent", object -> hold(object, "snapshot/content"));
    server.controller("VolumeSnapshot", object -> hold(object, "snapshot/bound"));
    server.controller("PersistentVolumeClaim", object -> hold(object, "pvc-protection"));
    server.controller("Pod", object -> hold(object, "kubelet"));
  }

  private static void hold(ObjectNode object, String finalizer) {
    object.withObject("/metadata").putArray("finalizers").add(finalizer);
  }

  private void claim() {
    server.put(
        """
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim",
         "metadata": {"namespace": "app", "name": "data", "uid": "%s", "labels": {"tier": "db"}},
         "spec": {"volumeName": "pv-1", "storageClassName": "fast", "volumeMode": "Filesystem",
                  "resources": {"requests": {"storage": "1Gi"}}},
         "status": {"phase": "Bound", "capacity": {"storage": "1Gi"}}}
        """
            .formatted(CLAIM_UID));
    server.put(
        """
        {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "pv-1"},
         "spec": {"csi": {"driver": "disk.example.com", "volumeHandle": "vol-1"},
                  "capacity": {"storage": "1Gi"}, "storageClassName": "fast"}}
        """);
  }

  /** What Velero makes for one volume of a backup: the snapshot, then the DataUpload. */
  void backup(String name, String uid) {
    snapshot("velero-data-" + name, "handle-" + name);
    server.put(
        """
        {"apiVersion": "velero.io/v2alpha1", "kind": "DataUpload",
         "metadata": {"namespace": "velero", "name": "%1$s", "uid": "%2$s",
                      "labels": {"velero.io/backup-name": "%1$s", "velero.io/backup-uid": "b-%1$s",
                                 "velero.io/pvc-uid": "%3$s",
                                 "velero.io/async-operation-id": "du-%1$s"}},
         "spec": {"snapshotType": "CSI", "datamover": "blockmover", "operationTimeout": "10m0s",
                  "backupStorageLocation": "default", "sourceNamespace": "app",
                  "sourcePVC": "data", "someday": {"new": true},
                  "csiSnapshot": {"volumeSnapshot": "velero-data-%1$s", "storageClass": "fast",
                                  "snapshotClass": "snap"}}}
        """
            .formatted(name, uid, CLAIM_UID));
  }

  /** The VolumeSnapshot that Velero takes, and its content. */
  void snapshot(String name, String handle) {
    snapshots.add(handle);
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshot",
         "metadata": {"namespace": "app", "name": "%1$s", "uid": "uid-of-%1$s",
                      "finalizers": ["snapshot/bound"]},
         "spec": {"source": {"persistentVolumeClaimName": "data"}, "volumeSnapshotClassName": "snap"},
         "status": {"boundVolumeSnapshotContentName": "snapcontent-%1$s", "readyToUse": true,
                    "creationTime": "2026-01-01T00:00:00Z", "restoreSize": "1Gi"}}
        """
            .formatted(name));
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotContent",
         "metadata": {"name": "snapcontent-%1$s", "finalizers": ["snapshot/content"]},
         "spec": {"driver": "disk.example.com", "deletionPolicy": "Delete",
                  "volumeSnapshotClassName": "snap", "sourceVolumeMode": "Filesystem",
                  "source": {"volumeHandle": "vol-1"},
                  "volumeSnapshotRef": {"namespace": "app", "name": "%1$s", "uid": "uid-of-%1$s"}},
         "status": {"snapshotHandle": "%2$s", "readyToUse": true, "restoreSize": 1073741824}}
        """
            .formatted(name, handle));
  }

  /** The driver tells changes, and needs the base for it. */
  void tracksChanges() {
    server.put(
        """
        {"apiVersion": "cbt.storage.k8s.io/v1beta1", "kind": "SnapshotMetadataService",
         "metadata": {"name": "disk.example.com"},
         "spec": {"address": "disk.storage:6443", "audience": "disk", "caCert": "UEVN"}}
        """);
  }

  /** What an earlier backup of the volume has left. */
  void base(String handle) {
    snapshots.add(handle);
    String labels =
        """
        {"app.kubernetes.io/managed-by": "blockmover", "blockmover.io/transfer-uid": "old",
         "blockmover.io/transfer": "DataUpload", "blockmover.io/role": "base",
         "blockmover.io/claim-uid": "%s"}
        """
            .formatted(CLAIM_UID);
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshot",
         "metadata": {"namespace": "velero", "name": "bm-old", "uid": "uid-of-old", "labels": %s,
                      "finalizers": ["snapshot/bound"]},
         "spec": {"source": {"volumeSnapshotContentName": "bm-old"}},
         "status": {"boundVolumeSnapshotContentName": "bm-old", "readyToUse": true}}
        """
            .formatted(labels));
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotContent",
         "metadata": {"name": "bm-old", "labels": %s, "finalizers": ["snapshot/content"],
                      "annotations": {"blockmover.io/claim": "app/data"}},
         "spec": {"driver": "disk.example.com", "deletionPolicy": "Retain",
                  "source": {"snapshotHandle": "%s"},
                  "volumeSnapshotRef": {"namespace": "velero", "name": "bm-old",
                                        "uid": "uid-of-old"}},
         "status": {"snapshotHandle": "%s", "readyToUse": true}}
        """
            .formatted(labels, handle, handle));
  }

  void cancel(String name) {
    server.change(
        "DataUpload", "velero", name, upload -> upload.withObject("/spec").put("cancel", true));
  }

  /** One round of all controllers. */
  void settle() {
    all("VolumeSnapshot").forEach(this::settleSnapshot);
    all("VolumeSnapshotContent").forEach(this::settleContent);
    all("PersistentVolumeClaim").forEach(this::settleClaim);
    all("PersistentVolume").forEach(this::settleVolume);
    all("Pod").forEach(this::settlePod);
  }

  List<ObjectNode> all(String kind) {
    List<ObjectNode> found = new ArrayList<>();
    for (String name : server.names(kind)) {
      int slash = name.indexOf('/');
      server
          .find(kind, slash < 0 ? "" : name.substring(0, slash), name.substring(slash + 1))
          .ifPresent(found::add);
    }
    return found;
  }

  private void settleSnapshot(ObjectNode snapshot) {
    String name = snapshot.at("/metadata/name").asText();
    String namespace = snapshot.at("/metadata/namespace").asText();
    if (deleting(snapshot)) {
      boolean used =
          all("PersistentVolumeClaim").stream()
              .anyMatch(
                  claim ->
                      claim.at("/spec/dataSource/name").asText().equals(name)
                          && claim.at("/spec/volumeName").isMissingNode()
                          && !deleting(claim));
      if (!used) {
        String content =
            snapshot
                .at("/status/boundVolumeSnapshotContentName")
                .asText(snapshot.at("/spec/source/volumeSnapshotContentName").asText());
        free(snapshot);
        server
            .find("VolumeSnapshotContent", "", content)
            .filter(found -> found.at("/spec/deletionPolicy").asText().equals("Delete"))
            .ifPresent(found -> server.delete("VolumeSnapshotContent", "", content));
      }
      return;
    }
    String content = snapshot.at("/spec/source/volumeSnapshotContentName").asText("");
    if (!content.isEmpty() && snapshot.at("/status").isMissingNode() && snapshotsGetReady) {
      server
          .find("VolumeSnapshotContent", "", content)
          .ifPresent(
              found -> {
                boolean there =
                    snapshots.contains(found.at("/spec/source/snapshotHandle").asText());
                server.change(
                    "VolumeSnapshotContent",
                    "",
                    content,
                    object ->
                        object
                            .withObject("/spec/volumeSnapshotRef")
                            .put("uid", snapshot.at("/metadata/uid").asText()));
                server.change(
                    "VolumeSnapshot",
                    namespace,
                    name,
                    object ->
                        object
                            .withObject("/status")
                            .put("boundVolumeSnapshotContentName", content)
                            .put("readyToUse", there)
                            .put("restoreSize", "1Gi"));
              });
    }
  }

  private void settleContent(ObjectNode content) {
    if (deleting(content)) {
      boolean bound =
          server
              .find(
                  "VolumeSnapshot",
                  content.at("/spec/volumeSnapshotRef/namespace").asText(),
                  content.at("/spec/volumeSnapshotRef/name").asText())
              .filter(
                  snapshot ->
                      content
                          .at("/spec/volumeSnapshotRef/uid")
                          .asText("")
                          .equals(snapshot.at("/metadata/uid").asText()))
              .isPresent();
      if (!bound) {
        if (content.at("/spec/deletionPolicy").asText().equals("Delete")) {
          snapshots.remove(handle(content));
        }
        free(content);
      }
    }
  }

  static String handle(JsonNode content) {
    return content
        .at("/status/snapshotHandle")
        .asText(content.at("/spec/source/snapshotHandle").asText());
  }

  private void settleClaim(ObjectNode claim) {
    String name = claim.at("/metadata/name").asText();
    String namespace = claim.at("/metadata/namespace").asText();
    if (deleting(claim)) {
      boolean used =
          all("Pod").stream()
              .filter(pod -> !pod.at("/status/phase").asText().matches("Succeeded|Failed"))
              .anyMatch(
                  pod -> pod.at("/spec/volumes").findValuesAsText("claimName").contains(name));
      if (!used) {
        free(claim);
      }
      return;
    }
    if (claim.at("/spec/volumeName").isMissingNode() && claimsGetBound) {
      String snapshot = claim.at("/spec/dataSource/name").asText();
      boolean ready =
          server
              .find("VolumeSnapshot", namespace, snapshot)
              .filter(found -> found.at("/status/readyToUse").asBoolean())
              .isPresent();
      if (ready) {
        bind(claim, namespace, name);
      }
    }
  }

  private void bind(ObjectNode claim, String namespace, String name) {
    String volume = "pvc-" + ++diskNumber;
    disks.add(volume);
    server.put(
        """
        {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "%s"},
         "spec": {"csi": {"driver": "disk.example.com", "volumeHandle": "%s"},
                  "persistentVolumeReclaimPolicy": "Retain",
                  "claimRef": {"namespace": "%s", "name": "%s", "uid": "%s"}}}
        """
            .formatted(volume, volume, namespace, name, claim.at("/metadata/uid").asText()));
    server.change(
        "PersistentVolumeClaim",
        namespace,
        name,
        object -> {
          object.withObject("/spec").put("volumeName", volume);
          object.withObject("/status").put("phase", "Bound");
        });
  }

  private void settleVolume(ObjectNode volume) {
    String uid = volume.at("/spec/claimRef/uid").asText("");
    boolean claimed =
        all("PersistentVolumeClaim").stream()
            .anyMatch(claim -> claim.at("/metadata/uid").asText().equals(uid));
    if (!uid.isEmpty()
        && !claimed
        && volume.at("/spec/persistentVolumeReclaimPolicy").asText().equals("Delete")) {
      disks.remove(volume.at("/metadata/name").asText());
      server.delete("PersistentVolume", "", volume.at("/metadata/name").asText());
    }
  }

  private void settlePod(ObjectNode pod) {
    String name = pod.at("/metadata/name").asText();
    String namespace = pod.at("/metadata/namespace").asText();
    if (deleting(pod)) {
      if (podsVanish || name.equals(vanishing)) {
        free(pod);
      }
      return;
    }
    String phase = pod.at("/status/phase").asText("Pending");
    String claim = pod.at("/spec/volumes").findValuesAsText("claimName").getFirst();
    boolean bound =
        server
            .find("PersistentVolumeClaim", namespace, claim)
            .filter(found -> found.at("/status/phase").asText().equals("Bound"))
            .isPresent();
    if (phase.equals("Pending") && bound && !waitingReason.isEmpty()) {
      server.change(
          "Pod",
          namespace,
          name,
          object ->
              object
                  .withObject("/status")
                  .put("phase", "Pending")
                  .putArray("containerStatuses")
                  .addObject()
                  .putObject("state")
                  .putObject("waiting")
                  .put("reason", waitingReason)
                  .put("message", waitingMessage));
    } else if (phase.equals("Pending") && bound) {
      server.change(
          "Pod",
          namespace,
          name,
          object -> {
            object.withObject("/status").put("phase", "Running");
            object.withObject("/spec").put("nodeName", "node-1");
          });
    } else if (phase.equals("Running") && podsEnd) {
      end(namespace, name);
    }
  }

  private void end(String namespace, String name) {
    server.change(
        "Pod",
        namespace,
        name,
        object -> {
          ObjectNode status = object.withObject("/status");
          status.put("phase", exitCode == 0 ? "Succeeded" : "Failed");
          ObjectNode ended =
              status
                  .putArray("containerStatuses")
                  .addObject()
                  .putObject("state")
                  .putObject("terminated");
          ended.put("exitCode", exitCode).put("message", podMessage);
        });
  }

  /** Pods do not start from now on, for that reason; empty: they start. */
  void podsWait(String reason, String message) {
    waitingReason = reason;
    waitingMessage = message;
  }

  /** Pods vanish when they are deleted, but this one's node is dead. */
  void podsVanishOf(String alive) {
    vanishing = alive;
  }

  /** As a node that died: it ends without a word. */
  void podsDie() {
    for (ObjectNode pod : all("Pod")) {
      server.change(
          "Pod",
          "velero",
          pod.at("/metadata/name").asText(),
          object ->
              object
                  .withObject("/status")
                  .put("phase", "Failed")
                  .put("reason", "Evicted")
                  .put("message", "the node was low on memory"));
    }
  }

  private static boolean deleting(JsonNode object) {
    return object.at("/metadata/deletionTimestamp").isTextual();
  }

  private void free(ObjectNode object) {
    server.change(
        object.path("kind").asText(),
        object.at("/metadata/namespace").asText(""),
        object.at("/metadata/name").asText(),
        found -> found.withObject("/metadata").remove("finalizers"));
  }

  /** Snapshots of the storage that no content stands for: nobody will ever delete them. */
  Set<String> leakedSnapshots() {
    Set<String> left = new HashSet<>(snapshots);
    all("VolumeSnapshotContent").forEach(content -> left.remove(handle(content)));
    return left;
  }

  ObjectNode upload(String name) {
    return server.find("DataUpload", "velero", name).orElseThrow();
  }

  String phase(String name) {
    return upload(name).at("/status/phase").asText("");
  }

  String message(String name) {
    return upload(name).at("/status/message").asText("");
  }

  /** All objects that were made for any upload. */
  List<String> made() {
    List<String> found = new ArrayList<>();
    for (String kind :
        List.of(
            "Pod",
            "PersistentVolumeClaim",
            "VolumeSnapshot",
            "VolumeSnapshotContent",
            "PersistentVolume")) {
      all(kind).stream()
          .filter(
              object ->
                  object.at("/metadata/labels/blockmover.io~1transfer-uid").isTextual()
                      || object.at("/metadata/name").asText().startsWith("bm-"))
          .forEach(object -> found.add(kind + " " + object.at("/metadata/name").asText()));
    }
    return found;
  }

  static Instant start() {
    return Instant.parse(Instant.now().toString().substring(0, 19) + "Z");
  }
}
