package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Metrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupMetersTest {

  @TempDir private Path directory;

  @Test
  void aBackupLeavesItsFiguresAndItsFallbacks() throws Exception {
    MoverRun mover =
        new MoverRun()
            .variable("MOVER_REPO", directory.resolve("repo").toString())
            .variable("MOVER_PASSWORD", "secret");
    mover.run("init");
    Path image = Files.write(directory.resolve("image"), new byte[100_000]);
    Path metrics = directory.resolve("metrics.prom");
    MoverRun.Outcome backup =
        mover.run("backup", image.toString(), "--metrics-file", metrics.toString());
    assertThat(backup.exitCode()).as(backup.err()).isZero();
    assertThat(Files.readString(metrics))
        .contains("mover_backup_bytes_total{kind=\"read\"}", "kind=\"uploaded\"")
        .doesNotContain("mover_backup_fallbacks_total");
  }

  @Test
  void aCommandStartsItsCountersFromNothing() throws Exception {
    Path metrics = directory.resolve("metrics.prom");
    Metrics.counter("left.by.an.earlier.command").increment();
    MoverRun mover = new MoverRun();
    mover.run("version", "--metrics-file", metrics.toString());
    mover.run("version", "--metrics-file", metrics.toString());
    assertThat(Files.readString(metrics)).doesNotContain("left_by_an_earlier_command");
  }

  @Test
  void aStepCountsForItsTracker() {
    assertThat(BackupMeters.trackerOf("csi-snapshot-metadata: UNAVAILABLE: no: answer"))
        .isEqualTo("csi-snapshot-metadata");
    assertThat(List.of("", "no tracker named"))
        .extracting(BackupMeters::trackerOf)
        .containsOnly("");
  }
}
