package io.blockmover.velero.download;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadCompletesTest {

  @TempDir private Path directory;
  private DownloadFixture fixture;

  private DownloadFixture fixture(boolean attaches) throws Exception {
    fixture = new DownloadFixture(directory, attaches);
    return fixture;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({"Block,true", "Block,false", "Filesystem,true", "Filesystem,false"})
  void aClaimGetsItsVolumeInEitherMode(String mode, boolean attaches) throws Exception {
    DownloadFixture f = fixture(attaches);
    f.download("blockmover/1/-/" + DownloadFixture.BACKUP, "\"snapshotSize\": 1048576,");
    f.target(mode);
    f.runUntil("Completed");
    assertThat(f.phases).containsSubsequence("Accepted", "Prepared", "InProgress", "Completed");
    assertThat(f.claim().at("/status/phase").asText()).isEqualTo("Bound");
    ObjectNode volume = f.delivered().orElseThrow();
    assertThat(volume.at("/spec/volumeMode").asText()).isEqualTo(mode);
    assertThat(volume.at("/spec/claimRef/uid").asText()).isEqualTo("target-1");
    assertThat(f.volumes.filled).containsExactly(volume.at("/spec/csi/volumeHandle").asText());
    assertThat(f.volumes.handles).isEqualTo(f.volumes.filled);
    assertThat(f.server.names("PersistentVolume")).hasSize(1);
    assertThat(f.server.names("Pod")).isEmpty();
    assertThat(f.server.names("PersistentVolumeClaim")).containsExactly("app/data");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Block", "Filesystem"})
  void theVolumeIsAsIfItHadBeenProvisionedForItsClaim(String mode) throws Exception {
    DownloadFixture f = fixture(true);
    f.download();
    f.target(mode);
    f.runUntil("Completed");
    ObjectNode volume = f.delivered().orElseThrow();
    assertThat(volume.at("/spec/persistentVolumeReclaimPolicy").asText()).isEqualTo("Delete");
    assertThat(volume.at("/spec/mountOptions/0").asText()).isEqualTo("noatime");
    assertThat(volume.at("/spec/nodeAffinity").isObject()).isTrue();
    assertThat(volume.at("/spec/csi/volumeAttributes/pool").asText()).isEqualTo("p");
    assertThat(volume.at("/metadata/labels"))
        .isEqualTo(
            new ObjectMapper()
                .readTree("{\"zone\":\"a\",\"velero.io/dynamic-pv-restore\":\"app.data.x1y2z\"}"));
    assertThat(volume.at("/metadata/annotations").toString())
        .contains("\"pv.kubernetes.io/provisioned-by\":\"disk.example.com\"")
        .contains("provisioner-deletion-secret-name\":\"s\"")
        .contains("provisioner-deletion-secret-namespace\":\"storage\"")
        .contains("blockmover.io/restored-by\":\"u-1\"")
        .doesNotContain("handed-over", "reclaim-policy", "bound-by-controller", "target-uid");
    assertThat(SimulatedVolumes.texts(volume, "/metadata/finalizers"))
        .containsExactly("external-provisioner.volume.kubernetes.io/finalizer");
    f.server.change(
        "PersistentVolumeClaim",
        "app",
        "data",
        c -> c.withObject("/metadata").remove("finalizers"));
    f.server.delete("PersistentVolumeClaim", "app", "data");
    f.volumes.round();
    assertThat(f.volumes.handles).as("what the provisioner deletes with the claim").isEmpty();
  }

  @Test
  void theFinalStatusSaysHowMuchAndWhen() throws Exception {
    DownloadFixture f = fixture(true);
    f.download();
    f.target("Block");
    f.runUntil("Completed");
    ObjectNode object = f.object().orElseThrow();
    assertThat(object.at("/status/progress").toString())
        .contains("\"totalBytes\":1048576", "\"bytesDone\":1048576");
    assertThat(object.at("/status/startTimestamp").isTextual()).isTrue();
    assertThat(object.at("/status/completionTimestamp").isTextual()).isTrue();
    assertThat(object.at("/status/node").asText()).isEqualTo("node-1");
    assertThat(object.at("/metadata/annotations").toString()).doesNotContain("blockmover.io");
    assertThat(object.at("/metadata/labels/velero.io~1restore-name").asText()).isEqualTo("r");
  }

  @ParameterizedTest
  @CsvSource({"xfs,xfs", "'',ext4"})
  void theFileSystemIsTheOneThatVeleroNamesOrElseThatOfTheClass(String named, String used)
      throws Exception {
    DownloadFixture f = fixture(true);
    f.download();
    f.server.change(
        "DataDownload",
        "velero",
        "dd",
        o -> o.withObject("/spec/targetVolume").put("fsType", named));
    f.target("Filesystem");
    f.runUntil("Completed");
    assertThat(f.delivered().orElseThrow().at("/spec/csi/fsType").asText()).isEqualTo(used);
  }

  @Test
  void theClaimMayComeLaterThanTheDownload() throws Exception {
    DownloadFixture f = fixture(true);
    f.download();
    f.runUntil("Accepted");
    f.step();
    f.step();
    assertThat(f.message()).isEqualTo("waiting for Velero to make claim app/data");
    f.target("Block");
    f.runUntil("Completed");
  }

  @Test
  void theVolumeIsAsLargeAsWhatWasBackedUpEvenIfTheClaimAsksForLess() throws Exception {
    DownloadFixture f = fixture(true);
    f.download("blockmover/1/-/" + DownloadFixture.BACKUP, "\"snapshotSize\": 3145728,");
    f.target("Block");
    f.runUntil("Completed");
    assertThat(f.delivered().orElseThrow().at("/spec/capacity/storage").asText())
        .isEqualTo("3145728");
  }

  @Test
  void aVolumeThatWaitsForItsPodIsMadeWhereThePodIs() throws Exception {
    DownloadFixture f = fixture(true);
    f.server.change(
        "StorageClass", "", "fast", c -> c.put("volumeBindingMode", "WaitForFirstConsumer"));
    f.download();
    f.target("Filesystem");
    f.runUntil("Accepted");
    f.step();
    f.step();
    assertThat(f.message()).contains("a pod that uses claim app/data", "ignoreDelayBinding");
    f.server.change(
        "PersistentVolumeClaim",
        "app",
        "data",
        c ->
            c.withObject("/metadata/annotations")
                .put("volume.kubernetes.io/selected-node", "node-1"));
    f.runUntil("Prepared");
    assertThat(f.server.find("Pod", "velero", "bm-u-1").orElseThrow().toString())
        .contains("\"kubernetes.io/hostname\":\"node-1\"");
    assertThat(f.server.find("PersistentVolumeClaim", "velero", "bm-u-1").orElseThrow().toString())
        .contains("\"volume.kubernetes.io/selected-node\":\"node-1\"");
    f.runUntil("Completed");
  }

  @Test
  void thePodIsToldTheBackupAndIsGivenTheLocation() throws Exception {
    DownloadFixture f = fixture(true);
    f.download();
    f.target("Block");
    f.runUntil("Completed");
    assertThat(f.volumes.arguments)
        .isEqualTo(List.of(List.of("pod", "restore", DownloadFixture.BACKUP)));
  }

  @Test
  void volumesOfAClassThatRetainsAreRetained() throws Exception {
    DownloadFixture f = fixture(true);
    f.volumes.policyOfClass = "Retain";
    f.download();
    f.target("Filesystem");
    f.runUntil("Completed");
    assertThat(f.delivered().orElseThrow().at("/spec/persistentVolumeReclaimPolicy").asText())
        .isEqualTo("Retain");
  }

  @Test
  void twoControllersAtOnceRestoreOneVolume() throws Exception {
    DownloadFixture f = fixture(true);
    f.download();
    f.target("Filesystem");
    DownloadReconciler other = f.another();
    for (int i = 0; i < 200 && !f.ended(); i++) {
      f.step();
      other.reconcile(DownloadFixture.DOWNLOAD);
    }
    assertThat(f.phase()).isEqualTo("Completed");
    assertThat(f.volumes.handles).hasSize(1).isEqualTo(f.volumes.filled);
    assertThat(f.volumes.arguments).hasSize(1);
  }
}
