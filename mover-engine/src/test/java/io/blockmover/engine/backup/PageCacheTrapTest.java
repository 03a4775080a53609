package io.blockmover.engine.backup;

import static io.blockmover.engine.backup.ScriptedVolume.BLOCK;
import static io.blockmover.engine.backup.ScriptedVolume.CELL;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.testkit.TestSeed;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PageCacheTrapTest {

  private ScriptedVolume volume;

  @BeforeEach
  void aVolumeWithOneBackup() throws Exception {
    volume = new ScriptedVolume(TestSeed.random("page-cache"), 16 * CELL);
    volume.content[0x438] = 0x53;
    volume.content[0x439] = (byte) 0xef;
    volume.options = new TrackingOptions(0, 1, 0, Set.of());
    assertThat(volume.backUp().warnings()).as("much is allocated").isEmpty();
  }

  @Test
  void anEmptyDeltaOfAFileSystemIsWarnedOfWithTheAnnotationToPaste() throws Exception {
    BackupReport report = volume.backUp();
    assertThat(report.warnings())
        .singleElement()
        .asString()
        .contains(
            "Only 0 bytes are listed as changed",
            "file system",
            "pre.hook.backup.velero.io/command: '[\"/sbin/fsfreeze\", \"--freeze\"");
    assertThat(volume.manifest(report).tracker().warnings()).isEqualTo(report.warnings());
  }

  @Test
  void aDeltaOfUsualSizeIsNot() throws Exception {
    volume.write(20);
    assertThat(volume.backUp().warnings()).isEmpty();
  }

  @Test
  void aDatabaseOnTheRawDeviceHasNoCacheToFlush() throws Exception {
    volume.content[0x438] = 0;
    volume.write(1L * CELL, BLOCK);
    assertThat(volume.backUp().warnings()).isEmpty();
  }

  @Test
  void aVolumeInFilesystemModeIsWarnedOfWhateverItsBeginningSays() throws Exception {
    volume.content[0x438] = 0;
    volume.attributes = Map.of(SnapshotReference.VOLUME_MODE, "Filesystem");
    assertThat(volume.backUp().warnings()).singleElement().asString().contains("Filesystem mode");
  }

  @Test
  void anAlmostEmptyAllocatedListIsWarnedOf() throws Exception {
    ScriptedVolume fresh = new ScriptedVolume(TestSeed.random("fresh"), 16 * CELL);
    java.util.Arrays.fill(fresh.content, BLOCK, fresh.content.length, (byte) 0);
    fresh.content[0x438] = 0x53;
    fresh.content[0x439] = (byte) 0xef;
    BackupReport report = fresh.backUp(t -> t.withAllocated(List.of(new Extent(0, BLOCK))));
    assertThat(report.warnings()).singleElement().asString().contains("listed as allocated");
    assertThat(fresh.holds(report)).isTrue();
  }

  @Test
  void aComparisonSaysNothingAboutCaches() throws Exception {
    assertThat(volume.backUp(List.of()).warnings()).isEmpty();
  }
}
