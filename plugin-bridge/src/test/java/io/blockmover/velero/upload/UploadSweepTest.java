package io.blockmover.velero.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.kubernetes.Cluster;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadSweepTest {

  private static final Duration LATER = Duration.ofMinutes(11);

  @TempDir private Path directory;
  private UploadScene scene;
  private SimulatedCluster cluster;

  @BeforeEach
  void begin() throws Exception {
    scene = new UploadScene(directory);
    cluster = scene.cluster;
  }

  @AfterEach
  void end() {
    scene.close();
  }

  private int sweep() throws Exception {
    try (Cluster connection = Cluster.open(directory.resolve("kubeconfig"))) {
      return new UploadSweep(connection, "velero", () -> scene.now).run();
    }
  }

  private void abandon() throws Exception {
    cluster.backup("monday", SimulatedCluster.UID);
    cluster.podsEnd = false;
    scene.runTo("monday", "InProgress");
    cluster.server.change(
        "DataUpload",
        "velero",
        "monday",
        upload -> upload.withObject("/metadata").remove("finalizers"));
    cluster.server.delete("DataUpload", "velero", "monday");
  }

  @Test
  void whatAnUploadThatIsGoneLeftBehindIsRemovedWithTheStoragesSnapshotAndDisk() throws Exception {
    abandon();
    scene.now = scene.now.plus(LATER);
    assertThat(sweep()).isPositive();
    scene.settle();
    assertThat(sweep()).isZero();
    assertThat(cluster.made()).isEmpty();
    assertThat(cluster.snapshots).isEmpty();
    assertThat(cluster.disks).isEmpty();
  }

  @Test
  void whatIsYoungIsLeftAlone() throws Exception {
    abandon();
    assertThat(sweep()).isZero();
  }

  @Test
  void anUploadAtWorkIsLeftAlone() throws Exception {
    cluster.backup("monday", SimulatedCluster.UID);
    cluster.podsEnd = false;
    scene.runTo("monday", "InProgress");
    scene.now = scene.now.plus(LATER);
    assertThat(sweep()).isZero();
    assertThat(cluster.snapshots).hasSize(1);
  }

  @Test
  void theOneBaseOfAClaimStays() throws Exception {
    cluster.base("handle-monday");
    scene.now = scene.now.plus(Duration.ofDays(30));
    assertThat(sweep()).isZero();
    assertThat(cluster.snapshots).containsExactly("handle-monday");
  }

  @Test
  void theBaseOfAClaimThatIsGoneIsReleasedAfterAWhile() throws Exception {
    cluster.base("handle-monday");
    cluster.server.delete("PersistentVolumeClaim", "app", "data");
    scene.now = scene.now.plus(LATER);
    assertThat(sweep()).isZero();
    scene.now = scene.now.plus(Duration.ofHours(1));
    assertThat(sweep()).isEqualTo(1);
    scene.settle();
    assertThat(cluster.snapshots).isEmpty();
    assertThat(cluster.server.names("VolumeSnapshotContent")).isEmpty();
  }

  @Test
  void ofTwoBasesTheNewerStays() throws Exception {
    cluster.tracksChanges();
    cluster.base("handle-sunday");
    cluster.server.change(
        "VolumeSnapshotContent",
        "",
        "bm-old",
        content ->
            content.withObject("/metadata").put("creationTimestamp", "2026-01-01T00:00:00Z"));
    cluster.exitCode = 1;
    cluster.podMessage = "{\"type\":\"error\",\"kind\":\"outcome_unknown\",\"message\":\"?\"}";
    cluster.backup("monday", SimulatedCluster.UID);
    scene.run("monday");
    scene.settle();
    assertThat(cluster.snapshots).containsExactly("handle-monday", "handle-sunday");
    scene.now = scene.now.plus(LATER);
    assertThat(sweep()).isEqualTo(1);
    scene.settle();
    assertThat(cluster.snapshots).containsExactly("handle-monday");
  }
}
