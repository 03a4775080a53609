package io.blockmover.testkit.kubernetes;

import java.time.Instant;

/** Objects as a driver and its controllers leave them: claim {@code app/data}, 1 GiB. */
public final class SampleCluster {

  public static final String DRIVER = "disk.example.com";

  private SampleCluster() {}

  /** A claim {@code app/data} on volume {@code vol-1}, with its class. */
  public static void claim(FakeApiServer server) {
    server.put(
        """
        {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "fast"},
         "provisioner": "disk.example.com", "volumeBindingMode": "Immediate"}
        """);
    server.put(
        """
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim",
         "metadata": {"namespace": "app", "name": "data", "uid": "claim-1", "labels": {"tier": "db"}},
         "spec": {"volumeName": "pv-1", "storageClassName": "fast", "volumeMode": "Filesystem",
                  "accessModes": ["ReadWriteOnce"],
                  "resources": {"requests": {"storage": "1Gi"}}},
         "status": {"phase": "Bound", "capacity": {"storage": "1Gi"}}}
        """);
    server.put(
        """
        {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "pv-1"},
         "spec": {"csi": {"driver": "disk.example.com", "volumeHandle": "vol-1"},
                  "capacity": {"storage": "1Gi"}, "storageClassName": "fast"}}
        """);
  }

  /**
   * A snapshot {@code app/NAME} of claim data that is ready, taken at that second of 2026-01-01.
   */
  public static void snapshot(FakeApiServer server, String name, int second) {
    String time = "2026-01-01T00:00:%02dZ".formatted(second);
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshot",
         "metadata": {"namespace": "app", "name": "%1$s", "uid": "uid-of-%1$s",
                      "annotations": {"example.com/change-id": "change-%1$s"}},
         "spec": {"source": {"persistentVolumeClaimName": "data"}, "volumeSnapshotClassName": "snap"},
         "status": {"boundVolumeSnapshotContentName": "content-%1$s", "readyToUse": true,
                    "creationTime": "%2$s", "restoreSize": "1Gi"}}
        """
            .formatted(name, time));
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotContent",
         "metadata": {"name": "content-%1$s"},
         "spec": {"driver": "disk.example.com", "deletionPolicy": "Delete",
                  "sourceVolumeMode": "Filesystem", "source": {"volumeHandle": "vol-1"},
                  "volumeSnapshotRef": {"namespace": "app", "name": "%1$s", "uid": "uid-of-%1$s"}},
         "status": {"snapshotHandle": "handle-%1$s", "readyToUse": true,
                    "creationTime": %2$d, "restoreSize": 1073741824}}
        """
            .formatted(name, Instant.parse(time).getEpochSecond() * 1_000_000_000L));
  }

  /** As {@link #snapshot(FakeApiServer, String, int)}, of a volume of another size. */
  public static void snapshot(FakeApiServer server, String name, int second, long sizeBytes) {
    snapshot(server, name, second);
    server.change(
        "VolumeSnapshotContent",
        "",
        "content-" + name,
        content -> content.withObject("/status").put("restoreSize", sizeBytes));
  }

  /** Makes a snapshot one that the driver could not take. */
  public static void snapshotFails(FakeApiServer server, String name, String message) {
    server.change(
        "VolumeSnapshot",
        "app",
        name,
        snapshot ->
            snapshot
                .withObject("/status")
                .put("readyToUse", false)
                .putObject("error")
                .put("message", message));
  }

  /** The driver's service, in a version of the API. */
  public static void service(FakeApiServer server, String version) {
    server.put(
        """
        {"apiVersion": "cbt.storage.k8s.io/%s", "kind": "SnapshotMetadataService",
         "metadata": {"name": "disk.example.com"},
         "spec": {"address": "disk.storage:6443", "audience": "disk", "caCert": "UEVN"}}
        """
            .formatted(version));
  }
}
