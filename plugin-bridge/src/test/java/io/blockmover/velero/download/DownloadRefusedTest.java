package io.blockmover.velero.download;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.velero.controller.Next;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DownloadRefusedTest {

  private static final String GOOD = "blockmover/1/-/" + DownloadFixture.BACKUP;

  private DownloadFixture f;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    f = new DownloadFixture(directory, true);
  }

  @AfterEach
  void close() {
    f.close();
  }

  private void assertRefused(String... words) throws Exception {
    f.runUntil("Failed");
    assertThat(f.message()).contains(words);
    assertThat(f.server.names("Pod")).isEmpty();
    assertThat(f.server.names("PersistentVolumeClaim")).containsExactly("app/data");
    assertThat(f.object().orElseThrow().at("/status/completionTimestamp").isTextual()).isTrue();
    assertThat(f.server.names("Event")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "'', spec.snapshotID is empty, see its DataUpload",
    "k0123456789, is none of blockmover's, the data mover that made the backup",
    "blockmover/2/-/x, written by a newer blockmover, upgrade blockmover",
    "blockmover/1/-/latest, is damaged, mover list",
    "blockmover/1/-/--all, is damaged, mover list",
    "blockmover/1/../0123456789abcdef0123456789abcdef, is damaged, mover list",
    "blockmover/1/-, is damaged, mover list"
  })
  void whatIsNoBackupOfOursIsRefusedWithTheWayOut(String id, String why, String advice)
      throws Exception {
    f.download(id, "");
    f.target("Block");
    assertRefused(why, advice);
  }

  @ParameterizedTest
  @CsvSource({"full", "incremental", "somethingNew"})
  void aRestoreTypeThatIsToComeIsRefusedByItsName(String type) throws Exception {
    f.download(GOOD, "\"restoreType\": \"%s\",".formatted(type));
    f.target("Block");
    assertRefused("spec.restoreType is '" + type + "'");
  }

  @Test
  void aRestoreIntoAVolumeThatIsThereIsRefused() throws Exception {
    f.download();
    f.server.change(
        "DataDownload", "velero", "dd", o -> o.withObject("/spec/targetVolume").put("pv", "pv-9"));
    f.target("Block");
    assertRefused("spec.targetVolume.pv is 'pv-9'");
  }

  @Test
  void fieldsThatNobodyKnowsAreLeftAlone() throws Exception {
    f.download(
        GOOD, "\"snapshotSize\": 1048576, \"nodeOS\": \"linux\", \"somethingNew\": {\"a\": 1},");
    f.target("Block");
    f.runUntil("Completed");
    assertThat(f.object().orElseThrow().at("/spec/somethingNew/a").asInt()).isEqualTo(1);
  }

  @Test
  void theDownloadOfAnotherMoverIsLeftAlone() throws Exception {
    f.download();
    f.server.change(
        "DataDownload", "velero", "dd", o -> o.withObject("/spec").put("datamover", ""));
    String before = f.object().orElseThrow().toString();
    assertThat(f.step()).isEqualTo(new Next.Done());
    assertThat(f.object().orElseThrow().toString()).isEqualTo(before);
  }

  @Test
  void aClaimThatHasAVolumeIsNotTouched() throws Exception {
    f.download();
    f.target("Block");
    f.server.change(
        "PersistentVolumeClaim",
        "app",
        "data",
        c -> c.withObject("/spec").put("volumeName", "precious"));
    assertRefused("claim app/data has volume precious already");
    assertThat(f.claim().at("/spec/volumeName").asText()).isEqualTo("precious");
  }

  @Test
  void aClaimWithoutAClassIsRefused() throws Exception {
    f.download();
    f.target("Block");
    f.server.change(
        "PersistentVolumeClaim",
        "app",
        "data",
        c -> c.withObject("/spec").remove("storageClassName"));
    assertRefused("claim app/data names no StorageClass", "change-storage-class");
  }

  @Test
  void aClassThatIsNotThereIsNamed() throws Exception {
    f.download();
    f.target("Block");
    f.server.delete("StorageClass", "", "fast");
    assertRefused("StorageClass fast, which this cluster does not have");
  }

  @Test
  void aLocationThatIsNotThereIsNamed() throws Exception {
    f.download();
    f.target("Block");
    f.server.delete("BackupStorageLocation", "velero", "default");
    assertRefused("there is no BackupStorageLocation default");
    assertThat(f.volumes.handles).isEmpty();
  }

  @Test
  void aDriverThatMakesASmallerVolumeIsNamed() throws Exception {
    f.volumes.sizeOfVolumes = "1Ki";
    f.download(GOOD, "\"snapshotSize\": 1048576,");
    f.target("Block");
    assertRefused("has 1024 bytes, and the backup is of a volume of 1048576");
    assertThat(f.volumes.handles).isEmpty();
  }
}
