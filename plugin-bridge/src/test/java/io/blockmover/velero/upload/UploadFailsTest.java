package io.blockmover.velero.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blockmover.api.ClusterUnavailable;
import io.blockmover.testkit.kubernetes.FakeRule;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong ends in a sentence that names the object and the remedy, and leaves nothing. */
class UploadFailsTest {

  private static final String UID = SimulatedCluster.UID;
  private static final String NAME = "bm-" + UID;

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

  private void requireFailed(String... words) throws Exception {
    scene.run("monday");
    requireNothingLeft("Failed");
    assertThat(cluster.message("monday")).contains(words);
    assertThat(cluster.all("Event"))
        .anyMatch(
            event ->
                event.path("type").asText().equals("Warning")
                    && event.path("reason").asText().equals("Failed"));
  }

  private void requireNothingLeft(String phase) {
    scene.settle();
    assertThat(cluster.phase("monday")).as(cluster.message("monday")).isEqualTo(phase);
    assertThat(cluster.made()).isEmpty();
    assertThat(cluster.snapshots).isEmpty();
    assertThat(cluster.disks).isEmpty();
    assertThat(cluster.server.names("VolumeSnapshot")).isEmpty();
    assertThat(cluster.server.names("VolumeSnapshotContent")).isEmpty();
    assertThat(cluster.upload("monday").at("/metadata/finalizers")).isEmpty();
  }

  @Test
  void aSnapshotThatNeverBecomesReady() throws Exception {
    cluster.server.change(
        "VolumeSnapshot",
        "app",
        "velero-data-monday",
        snapshot ->
            snapshot
                .withObject("/status")
                .put("readyToUse", false)
                .putObject("error")
                .put("message", "the array is full"));
    requireFailed("VolumeSnapshot app/velero-data-monday", "the array is full", "30 minutes");
  }

  @Test
  void aDriverThatCannotRestoreToBlock() throws Exception {
    cluster.claimsGetBound = false;
    cluster.server.put(
        """
        {"apiVersion": "v1", "kind": "Event", "metadata": {"namespace": "velero", "name": "e1"},
         "type": "Warning", "reason": "ProvisioningFailed", "message": "Block is not supported",
         "involvedObject": {"kind": "PersistentVolumeClaim", "name": "%s"},
         "lastTimestamp": "2026-01-01T00:00:00Z"}
        """
            .formatted(NAME));
    requireFailed("ProvisioningFailed: Block is not supported", NAME, "kubectl describe");
  }

  @Test
  void aSnapshotThatWentWithItsNamespace() throws Exception {
    cluster.server.delete("VolumeSnapshot", "app", "velero-data-monday");
    scene.settle();
    requireFailed("VolumeSnapshot app/velero-data-monday", "is gone", "Back up again");
  }

  @Test
  void aNamespaceThatGoesInMidRunIsNoFailure() throws Exception {
    cluster.podsEnd = false;
    scene.runTo("monday", "InProgress");
    cluster.server.delete("PersistentVolumeClaim", "app", "data");
    cluster.server.delete("Namespace", "", "app");
    cluster.podsEnd = true;
    scene.run("monday");
    requireNothingLeft("Completed");
  }

  @Test
  void anImageThatIsNotThere() throws Exception {
    scene.cluster.podsWait("ErrImageNeverPull", "not present with pull policy of Never");
    requireFailed("ErrImageNeverPull", "pod velero/" + NAME, "MOVER_IMAGE");
  }

  @Test
  void aRegistryThatIsAwayForAMomentIsWaitedFor() throws Exception {
    cluster.podsWait("ImagePullBackOff", "back-off");
    for (int i = 0; i < 12; i++) {
      scene.round("monday");
    }
    assertThat(cluster.phase("monday")).isEqualTo("Accepted");
    cluster.podsWait("", "");
    scene.run("monday");
    requireNothingLeft("Completed");
  }

  @Test
  void aRegistryThatStaysAway() throws Exception {
    cluster.podsWait("ImagePullBackOff", "back-off pulling mover:1");
    requireFailed("ImagePullBackOff", "back-off pulling mover:1", "MOVER_IMAGE");
  }

  @Test
  void aPodThatPodSecurityRefuses() throws Exception {
    cluster.server.refuse(
        request -> request.startsWith("POST") && request.endsWith("/pods"),
        403,
        "pods \"x\" is forbidden: violates PodSecurity \"restricted:latest\"",
        Integer.MAX_VALUE);
    requireFailed("violates PodSecurity", "pod-security.kubernetes.io/enforce");
  }

  @Test
  void aQuotaThatIsUsedUpIsWaitedForAndSaid() throws Exception {
    cluster.server.refuse(
        request -> request.startsWith("POST") && request.endsWith("/pods"),
        403,
        "pods \"x\" is forbidden: exceeded quota: small",
        Integer.MAX_VALUE);
    for (int i = 0; i < 40; i++) {
      scene.round("monday");
    }
    assertThat(cluster.phase("monday")).isEqualTo("Accepted");
    assertThat(cluster.message("monday")).contains("exceeded quota: small");
    cluster.server.heal();
    scene.run("monday");
    requireNothingLeft("Completed");
  }

  @Test
  void aRuleThatIsMissingIsNamed() throws Exception {
    cluster.server.deny(new FakeRule("create", "", "persistentvolumeclaims"));
    requireFailed("create resource \"persistentvolumeclaims\"", "mover doctor --cluster");
  }

  @Test
  void aLocationThatIsReadOnlyIsRefusedBeforeAnythingIsTouched() throws Exception {
    cluster.server.change(
        "BackupStorageLocation",
        "velero",
        "default",
        location -> location.withObject("/spec").put("accessMode", "ReadOnly"));
    requireFailed("BackupStorageLocation default is ReadOnly");
    assertThat(cluster.server.requests())
        .noneMatch(request -> request.startsWith("POST") && request.contains("snapshot"));
  }

  @Test
  void aPodThatDiesIsStartedAgainOnTheSameSnapshot() throws Exception {
    cluster.podsEnd = false;
    scene.runTo("monday", "InProgress");
    scene.round("monday");
    cluster.podsDie();
    for (int i = 0; i < 6; i++) {
      scene.round("monday");
    }
    ObjectNode second = cluster.server.find("Pod", "velero", NAME + "-1").orElseThrow();
    assertThat(second.at("/spec/containers/0/args").toString()).contains("velero/" + NAME + "\"");
    assertThat(cluster.phase("monday")).isEqualTo("InProgress");
    cluster.podsEnd = true;
    scene.run("monday");
    requireNothingLeft("Completed");
  }

  @Test
  void aPodThatDiesEachTime() throws Exception {
    cluster.podsEnd = false;
    scene.runTo("monday", "InProgress");
    for (int i = 0; i < 60 && !cluster.phase("monday").equals("Failed"); i++) {
      cluster.podsDie();
      scene.round("monday");
    }
    requireFailed("Evicted", "so did 3 before it");
  }

  @Test
  void aPodOnADeadNodeIsReplacedAlthoughItDoesNotVanish() throws Exception {
    cluster.podsEnd = false;
    cluster.podsVanish = false;
    scene.runTo("monday", "InProgress");
    cluster.server.delete("Pod", "velero", NAME);
    scene.pass(Duration.ofMinutes(3));
    cluster.podsVanishOf(NAME + "-1");
    cluster.podsEnd = true;
    scene.run("monday");
    scene.settle();
    assertThat(cluster.phase("monday")).isEqualTo("Completed");
    assertThat(cluster.message("monday")).contains("claim velero/" + NAME);
    assertThat(cluster.server.names("Pod")).containsExactly("velero/" + NAME);
    assertThat(cluster.snapshots).isEmpty();
  }

  @Test
  void anotherRunOnTheVolumeIsWaitedFor() throws Exception {
    cluster.exitCode = 11;
    cluster.podMessage = "{\"type\":\"error\",\"kind\":\"conflict\",\"message\":\"busy\"}";
    scene.runTo("monday", "InProgress");
    for (int i = 0; i < 15; i++) {
      scene.round("monday");
    }
    assertThat(cluster.phase("monday")).isEqualTo("InProgress");
    cluster.exitCode = 0;
    cluster.podMessage = SimulatedCluster.REPORT;
    scene.run("monday");
    requireNothingLeft("Completed");
  }

  @Test
  void aBackupOfWhichNobodyKnowsWhetherItIsThereKeepsItsSnapshot() throws Exception {
    cluster.exitCode = 1;
    cluster.podMessage =
        "{\"type\":\"error\",\"kind\":\"outcome_unknown\",\"message\":\"no reply\"}";
    scene.run("monday");
    scene.settle();
    assertThat(cluster.phase("monday")).isEqualTo("Failed");
    assertThat(cluster.snapshots).containsExactly("handle-monday");
  }

  @Test
  @Tag("slow")
  void anApiServerThatIsAwayIsWaitedFor() throws Exception {
    scene.runTo("monday", "Accepted");
    cluster.server.fail(request -> true, 503, Integer.MAX_VALUE);
    assertThatThrownBy(() -> scene.step("monday")).isInstanceOf(ClusterUnavailable.class);
    scene.now = scene.now.plus(Duration.ofMinutes(5));
    cluster.server.heal();
    scene.run("monday");
    requireNothingLeft("Completed");
  }
}
