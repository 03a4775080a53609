package io.blockmover.velero.upload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadReconcilerTest {

  private static final String UID = SimulatedCluster.UID;

  @TempDir private Path directory;
  private UploadScene scene;
  private SimulatedCluster cluster;

  @BeforeEach
  void begin() throws Exception {
    scene = new UploadScene(directory);
    cluster = scene.cluster;
    cluster.backup("monday", UID);
  }

  @AfterEach
  void end() {
    scene.close();
  }

  @Test
  void aBackupGoesThroughAllPhasesAndLeavesNothingBehind() throws Exception {
    scene.runTo("monday", "Accepted");
    assertThat(cluster.upload("monday").at("/metadata/finalizers/0").asText())
        .isEqualTo("blockmover.io/transfer");
    assertThat(cluster.upload("monday").at("/status/acceptedByNode").asText())
        .isEqualTo("controller-1");
    scene.runTo("monday", "InProgress");
    assertThat(cluster.upload("monday").at("/status/node").asText()).isEqualTo("node-1");
    scene.run("monday");
    scene.settle();

    ObjectNode upload = cluster.upload("monday");
    assertThat(upload.at("/status/phase").asText()).isEqualTo("Completed");
    assertThat(upload.at("/status/snapshotID").asText()).isEqualTo("blockmover/1/-/20260101-abc");
    assertThat(upload.at("/status/progress/bytesDone").asLong()).isEqualTo(SimulatedCluster.BYTES);
    assertThat(upload.at("/status/progress/totalBytes").asLong()).isEqualTo(SimulatedCluster.BYTES);
    assertThat(upload.at("/status/incrementalBytes").asLong()).isEqualTo(4096);
    assertThat(upload.at("/status/nodeOS").asText()).isEqualTo("linux");
    assertThat(upload.at("/status/message").asText()).contains("csi").contains("because");
    assertThat(upload.at("/status/completionTimestamp").asText()).endsWith("Z");
    assertThat(upload.at("/metadata/finalizers").isEmpty()).isTrue();
    assertThat(upload.at("/metadata/annotations").isEmpty()).isTrue();
    assertThat(upload.at("/spec/someday/new").asBoolean()).isTrue();
    assertThat(cluster.made()).isEmpty();
    assertThat(cluster.snapshots).isEmpty();
    assertThat(cluster.disks).isEmpty();
    assertThat(cluster.server.names("VolumeSnapshot")).isEmpty();
    assertThat(cluster.server.names("VolumeSnapshotContent")).isEmpty();
  }

  @Test
  void thePodIsToldWhatToBackUpAndHasNoPrivilege() throws Exception {
    scene.runTo("monday", "InProgress");
    ObjectNode pod = cluster.server.find("Pod", "velero", "bm-" + UID).orElseThrow();
    assertThat(pod.at("/spec/containers/0/args").toString())
        .contains("[\"pod\",\"backup\",\"--snapshot\",\"velero/bm-" + UID + "\"")
        .contains("\"--volume\",\"app/data@" + SimulatedCluster.CLAIM_UID + "\"")
        .contains("velero-backup=monday")
        .contains("velero-backup-uid=b-monday");
    assertThat(pod.at("/spec/containers/0/volumeDevices/0/devicePath").asText())
        .isEqualTo("/dev/blockmover");
    assertThat(pod.at("/spec/containers/0/env").toString())
        .contains("s3://b/p/plugins/blockmover")
        .doesNotContain("hunter2");
    assertThat(pod.at("/spec/containers/0/securityContext/privileged").asBoolean(true)).isFalse();
    assertThat(pod.at("/spec/containers/0/securityContext/readOnlyRootFilesystem").asBoolean())
        .isTrue();
    assertThat(pod.at("/spec/containers/0/securityContext/capabilities/drop/0").asText())
        .isEqualTo("ALL");
    assertThat(pod.at("/metadata/ownerReferences/0/uid").asText()).isEqualTo(UID);
  }

  @Test
  void theClaimIsBlockWhateverTheSourceIs() throws Exception {
    scene.runTo("monday", "InProgress");
    ObjectNode claim =
        cluster.server.find("PersistentVolumeClaim", "velero", "bm-" + UID).orElseThrow();
    assertThat(claim.at("/spec/volumeMode").asText()).isEqualTo("Block");
    assertThat(claim.at("/spec/storageClassName").asText()).isEqualTo("fast");
    ObjectNode content =
        cluster.server.find("VolumeSnapshotContent", "", "bm-" + UID).orElseThrow();
    assertThat(
            content
                .at(
                    "/metadata/annotations/snapshot.storage.kubernetes.io~1allow-volume-mode-change")
                .asText())
        .isEqualTo("true");
    assertThat(content.at("/spec/source/snapshotHandle").asText()).isEqualTo("handle-monday");
    assertThat(content.at("/metadata/annotations/blockmover.io~1volume-handle").asText())
        .as("without it no later snapshot can be told to be of the same volume")
        .isEqualTo("vol-1");
  }

  @Test
  void aDriverThatNeedsTheBaseKeepsExactlyOne() throws Exception {
    cluster.tracksChanges();
    scene.run("monday");
    scene.settle();
    assertThat(cluster.snapshots).containsExactly("handle-monday");
    assertThat(cluster.made())
        .containsExactly("VolumeSnapshot bm-" + UID, "VolumeSnapshotContent bm-" + UID);
    ObjectNode base = cluster.server.find("VolumeSnapshotContent", "", "bm-" + UID).orElseThrow();
    assertThat(base.at("/spec/deletionPolicy").asText()).isEqualTo("Retain");
    assertThat(base.at("/metadata/labels/blockmover.io~1role").asText()).isEqualTo("base");

    String second = UID.replace("0001", "0002");
    cluster.backup("tuesday", second);
    scene.run("tuesday");
    scene.settle();
    assertThat(cluster.phase("tuesday")).isEqualTo("Completed");
    assertThat(cluster.snapshots).containsExactly("handle-tuesday");
    assertThat(cluster.leakedSnapshots()).isEmpty();
    assertThat(cluster.made())
        .containsExactly("VolumeSnapshot bm-" + second, "VolumeSnapshotContent bm-" + second);
  }

  @Test
  void aBackupThatFailsKeepsTheBaseOfTheLastOne() throws Exception {
    cluster.tracksChanges();
    scene.run("monday");
    cluster.exitCode = 1;
    cluster.podMessage =
        "{\"type\":\"error\",\"kind\":\"full\",\"message\":\"the bucket is full\",\"advice\":\"make"
            + " room\"}";
    cluster.backup("tuesday", UID.replace("0001", "0002"));
    scene.run("tuesday");
    scene.settle();
    assertThat(cluster.phase("tuesday")).isEqualTo("Failed");
    assertThat(cluster.message("tuesday")).isEqualTo("the bucket is full; make room");
    assertThat(cluster.snapshots).containsExactly("handle-monday");
    assertThat(cluster.made())
        .containsExactly("VolumeSnapshot bm-" + UID, "VolumeSnapshotContent bm-" + UID);
  }

  @Test
  void membersOfAGroupOfSnapshotsAreUploadsOfTheirOwn() throws Exception {
    String second = UID.replace("0001", "0002");
    cluster.tracksChanges();
    cluster.backup("logs", second);
    cluster.server.change(
        "DataUpload",
        "velero",
        "logs",
        upload -> {
          upload.withObject("/spec").put("sourcePVC", "logs");
          upload
              .withObject("/metadata/labels")
              .put("velero.io/pvc-uid", "0f0e0d0c-0000-4000-8000-0000000000c2");
        });
    scene.runTo("monday", "InProgress");
    scene.run("logs");
    scene.run("monday");
    scene.settle();
    assertThat(cluster.phase("monday")).isEqualTo("Completed");
    assertThat(cluster.phase("logs")).isEqualTo("Completed");
    assertThat(cluster.snapshots)
        .as("each volume has a base of its own")
        .containsExactly("handle-logs", "handle-monday");
  }
}
