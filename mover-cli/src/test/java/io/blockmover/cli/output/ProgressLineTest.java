package io.blockmover.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.engine.progress.Progress.Phase;
import io.blockmover.engine.progress.Progress.Snapshot;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {

  private static final long GIB = 1L << 30;
  private static final Duration ELAPSED = Duration.ofSeconds(10);

  private static Snapshot moving(long total, long done, long retries) {
    return new Snapshot(Phase.MOVING, total, done, done, done / 2, retries, 0);
  }

  @Test
  void aBarTellsShareRateAndTimeLeft() {
    assertThat(ProgressLine.bar("backup", moving(4 * GIB, GIB, 0), 0.25 * GIB, ELAPSED, 100))
        .isEqualTo(
            "backup  [#######.......................]   25%  1.00 GiB of 4.00 GiB  256 MiB/s"
                + "  0:12 left");
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 40, 60, 79, 120, 300})
  void aBarNeverWraps(int columns) {
    assertThat(ProgressLine.bar("restore", moving(4 * GIB, GIB, 3), 1000, ELAPSED, columns))
        .hasSizeLessThanOrEqualTo(columns);
  }

  @Test
  void withoutTotalThereIsNoShareAndNoBar() {
    assertThat(ProgressLine.bar("verify", moving(0, GIB, 0), GIB, ELAPSED, 100))
        .startsWith("verify  1.00 GiB  1.00 GiB/s")
        .doesNotContain("%", "[", "left");
  }

  @Test
  void moreThanExpectedIsNotMoreThanAll() {
    assertThat(ProgressLine.fraction(moving(GIB, 2 * GIB, 0))).isEqualTo(1.0);
    assertThat(ProgressLine.bar("backup", moving(GIB, 2 * GIB, 0), GIB, ELAPSED, 100))
        .contains("100%");
  }

  @Test
  void retriesAreSaid() {
    assertThat(ProgressLine.plain("backup", moving(GIB, 0, 1), 0, ELAPSED)).endsWith("  1 retry");
    assertThat(ProgressLine.plain("backup", moving(GIB, 0, 7), 0, ELAPSED)).endsWith("  7 retries");
  }

  @Test
  void withoutRateNobodyKnowsTheTimeLeft() {
    assertThat(ProgressLine.secondsLeft(moving(GIB, 0, 0), 0)).isEqualTo(-1);
    assertThat(ProgressLine.secondsLeft(moving(0, GIB, 0), 100)).isEqualTo(-1);
    assertThat(ProgressLine.secondsLeft(moving(4 * GIB, GIB, 0), GIB)).isEqualTo(3);
  }

  @Test
  void aLineOfJsonHasTheCounters() {
    assertThat(JsonLine.of(ProgressDisplay.document("backup", moving(GIB, 512, 2), 1.4, ELAPSED)))
        .startsWith("{\"type\":\"progress\",\"job\":\"backup\",\"phase\":\"moving\"")
        .contains("\"doneBytes\":512", "\"bytesPerSecond\":1,", "\"retries\":2");
  }
}
