package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.source.TargetTerms;
import io.blockmover.ceph.rbd.volume.RbdVolumeProvider;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A volume of ceph-csi on a real cluster, made by the rig's csi-like.sh, as claim app/data of an
 * API server in memory, with what ODF leaves there. Removed when it is closed.
 */
final class CsiRigVolume implements AutoCloseable {

  static final String DRIVER = "openshift-storage.rbd.csi.ceph.com";

  private final FakeApiServer server;
  private final String request = "pvc-" + UUID.randomUUID();
  private final Map<String, String> volume;
  private final Map<String, String> snapshots = new HashMap<>();
  private final long sizeBytes;
  private int second;

  CsiRigVolume(FakeApiServer server, long sizeBytes) throws IOException {
    this.server = server;
    this.sizeBytes = sizeBytes;
    this.volume = run("create-volume", request, (sizeBytes >> 20) + "M");
    Path keys = Path.of(System.getenv("RIG_CEPH_KEYS"));
    secret("rook-csi-rbd-provisioner", "mover", Files.readString(keys.resolve("mover.key")));
    server.put(
        """
        {"apiVersion": "v1", "kind": "ConfigMap",
         "metadata": {"namespace": "openshift-storage", "name": "ceph-csi-config"},
         "data": {"config.json": "[{\\"clusterID\\": \\"openshift-storage\\", \\"monitors\\": [\\"%s\\"]}]"}}
        """
            .formatted(System.getenv("RIG_CEPH_MON")));
    claim();
  }

  /** The Secret that the driver takes snapshots with. */
  void secret(String name, String user, String key) {
    server.put(
        """
        {"apiVersion": "v1", "kind": "Secret",
         "metadata": {"namespace": "openshift-storage", "name": "%s"},
         "data": {"userID": "%s", "userKey": "%s"}}
        """
            .formatted(name, base64(user), base64(key)));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void claim() {
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotClass",
         "metadata": {"name": "ocs-storagecluster-rbdplugin-snapclass"}, "driver": "%s",
         "deletionPolicy": "Delete",
         "parameters": {"csi.storage.k8s.io/snapshotter-secret-name": "rook-csi-rbd-provisioner",
                        "csi.storage.k8s.io/snapshotter-secret-namespace": "openshift-storage"}}
        """
            .formatted(DRIVER));
    server.put(
        """
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim",
         "metadata": {"namespace": "app", "name": "data", "uid": "%s"},
         "spec": {"volumeName": "pv-1", "storageClassName": "ceph-rbd", "volumeMode": "Block",
                  "accessModes": ["ReadWriteOnce"]},
         "status": {"phase": "Bound", "capacity": {"storage": "%d"}}}
        """
            .formatted(request, sizeBytes));
    server.put(
        """
        {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "pv-1"},
         "spec": {"csi": {"driver": "%s", "volumeHandle": "%s",
           "controllerExpandSecretRef": {"namespace": "openshift-storage",
                                         "name": "rook-csi-rbd-provisioner"}}}}
        """
            .formatted(DRIVER, volume.get("handle")));
  }

  /** The image's name. */
  String image() {
    return volume.get("image");
  }

  void write(long offset, byte[] bytes) throws IOException {
    try (BlockTarget target = target()) {
      target.write(offset, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
      target.flush();
    }
  }

  void zero(long offset, long length) throws IOException {
    try (BlockTarget target = target()) {
      target.zero(new Extent(offset, length));
      target.flush();
    }
  }

  private BlockTarget target() throws IOException {
    return new RbdVolumeProvider()
        .openTarget(
            "rbd:rbd/" + image(),
            new TargetTerms(0, true, false, false),
            RealImage.options("writer"));
  }

  /** Takes VolumeSnapshot app/NAME as ceph-csi does; its handle. */
  String snapshot(String name) {
    Map<String, String> made = run("create-snapshot", request, "snapshot-" + name + request);
    snapshots.put(name, made.get("handle"));
    String time = "2026-01-01T00:00:%02dZ".formatted(++second);
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshot",
         "metadata": {"namespace": "app", "name": "%1$s", "uid": "uid-%1$s"},
         "spec": {"source": {"persistentVolumeClaimName": "data"}},
         "status": {"boundVolumeSnapshotContentName": "content-%1$s", "readyToUse": true,
                    "creationTime": "%2$s", "restoreSize": "%3$d"}}
        """
            .formatted(name, time, sizeBytes));
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotContent",
         "metadata": {"name": "content-%1$s"},
         "spec": {"driver": "%2$s", "source": {"volumeHandle": "%3$s"},
                  "volumeSnapshotClassName": "ocs-storagecluster-rbdplugin-snapclass",
                  "volumeSnapshotRef": {"namespace": "app", "name": "%1$s", "uid": "uid-%1$s"}},
         "status": {"snapshotHandle": "%4$s", "readyToUse": true, "restoreSize": %5$d,
                    "creationTime": %6$d}}
        """
            .formatted(
                name,
                DRIVER,
                volume.get("handle"),
                made.get("handle"),
                sizeBytes,
                Instant.parse(time).getEpochSecond() * 1_000_000_000L));
    return made.get("handle");
  }

  /** What ceph-csi does at its limits: cuts the snapshot's image from the volume. */
  void flatten(String snapshot) {
    run("flatten", snapshots.get(snapshot));
  }

  /** What follows the deletion of a VolumeSnapshot. */
  void delete(String snapshot) {
    run("delete-snapshot", snapshots.remove(snapshot));
    server.delete("VolumeSnapshot", "app", snapshot);
    server.delete("VolumeSnapshotContent", "", "content-" + snapshot);
  }

  private static Map<String, String> run(String... command) {
    String rig = System.getenv("MOVER_TEST_CEPH_RIG");
    assertThat(rig).as("MOVER_TEST_CEPH_RIG, the folder of csi-like.sh").isNotNull();
    String[] all = new String[command.length + 1];
    all[0] = rig + "/csi-like.sh";
    System.arraycopy(command, 0, all, 1, command.length);
    try {
      Process process =
          new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(String.join(" ", all) + " said " + out).isZero();
      String[] lines = out.strip().split("\n");
      Map<String, String> values = new HashMap<>();
      Arrays.stream(lines[lines.length - 1].split(" "))
          .map(pair -> pair.split("=", 2))
          .filter(pair -> pair.length == 2)
          .forEach(pair -> values.put(pair[0], pair[1]));
      return values;
    } catch (IOException e) {
      throw new AssertionError(all[0] + " cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    snapshots.values().forEach(handle -> run("delete-snapshot", handle));
    run("delete-volume", request);
  }
}
