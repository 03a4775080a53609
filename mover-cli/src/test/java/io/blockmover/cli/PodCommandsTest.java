package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before anything is asked of a cluster. */
class PodCommandsTest {

  private final MoverRun mover = new MoverRun();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "backup",
        "backup --pvc app/data",
        "backup --pvc data --image i",
        "backup disk.img --pvc app/data --image i",
        "backup --pvc app/data --image i --repo /r",
        "backup --pvc app/data --image i --rules no-such-file.yaml",
        "backup --pvc app/data --image i --rules r.yaml --rule {}",
        "backup --pvc app/data --image i --rule {name:",
        "backup --pvc app/data --image i --snapshot app/monday",
        "restore latest",
        "restore latest --pvc app/data",
        "restore latest disk.img --pvc app/data --image i",
        "restore latest --pvc app/data --image i --dry-run"
      })
  void aPodCannotBeToldWhatItCannotDo(String command) {
    MoverRun.Outcome outcome = mover.run(command.split(" ", -1));
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.USAGE);
  }
}
