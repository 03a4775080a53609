package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.OutputStyle;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryWarningTest {

  @Test
  void aStoreThatKeepsFailingIsNamedOnce() {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
    RetryWarning warning =
        new RetryWarning(new Output(stream, stream, new OutputStyle(false, false, 0, 0)));
    StoreUnavailable failure = new StoreUnavailable("connection refused", Duration.ZERO, null);
    for (int failures = 1; failures <= 10; failures++) {
      if (failures == 2) {
        assertThat(said.size()).isZero();
      }
      warning.retrying(StoreOperation.LOAD, "format", failures, Duration.ZERO, failure);
    }
    assertThat(said.toString(StandardCharsets.UTF_8)).containsOnlyOnce("connection refused");
  }
}
