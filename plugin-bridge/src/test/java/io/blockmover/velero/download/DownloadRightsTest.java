package io.blockmover.velero.download;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.velero.rights.ChartRights;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of the chart's rules, what a restore needs. */
class DownloadRightsTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"Block", "Filesystem"})
  void allThatARestoreAsksForIsGrantedByTheChart(String mode) throws Exception {
    ChartRights chart = ChartRights.load();
    try (DownloadFixture fixture = new DownloadFixture(directory, true)) {
      fixture.download();
      fixture.target(mode);
      fixture.runUntil("Completed");
      assertThat(ChartRights.needed(fixture.server.requests()))
          .isNotEmpty()
          .allMatch(chart::grants);
    }
  }
}
