package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.Cancelled;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.OutputStyle;
import io.blockmover.engine.progress.Progress;
import org.junit.jupiter.api.Test;

class JobsTest {

  private final Interruption interruption = new Interruption();
  private final Output output =
      new Output(System.out, System.err, new OutputStyle(false, true, 0, 0));
  private final Jobs jobs = new Jobs(output, interruption);
  private final Progress progress = new Progress();

  @Test
  void anInterruptedJobSaysWhatWasDone() {
    assertThatThrownBy(
            () ->
                jobs.run(
                    "backup",
                    progress,
                    "nothing is lost",
                    (counters, cancellation) -> {
                      counters.stored(3 << 20);
                      interruption.request();
                      cancellation.check();
                      return "not reached";
                    }))
        .isInstanceOfSatisfying(
            Cancelled.class,
            e -> {
              assertThat(e)
                  .hasMessage("backup interrupted after 3.00 MiB were written: nothing is lost");
              assertThat(Failure.of(e).exitCode()).isEqualTo(130);
            });
  }

  @Test
  void aJobThatKnowsBetterIsListenedTo() {
    assertThatThrownBy(
            () ->
                jobs.run(
                    "backup",
                    progress,
                    "nothing is lost",
                    (counters, cancellation) -> {
                      throw new Cancelled("2 packs are durable", "the next run goes on");
                    }))
        .hasMessage("backup interrupted: 2 packs are durable");
  }

  @Test
  void aJobThatEndsGivesItsResult() throws Exception {
    int result = jobs.run("verify", progress, "", (counters, cancellation) -> 7);
    assertThat(result).isEqualTo(7);
  }
}
