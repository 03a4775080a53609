package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.engine.progress.Cancellation;
import org.junit.jupiter.api.Test;

class InterruptionTest {

  private final Interruption interruption = new Interruption();
  private final Cancellation cancellation = new Cancellation();

  @Test
  void aRunningJobIsAskedToStop() {
    try (Interruption.Scope scope = interruption.running(cancellation)) {
      assertThat(interruption.request()).isTrue();
    }
    assertThat(cancellation.requested()).isTrue();
  }

  @Test
  void aJobThatStartsTooLateIsAskedToo() {
    assertThat(interruption.request()).isFalse();
    try (Interruption.Scope scope = interruption.running(cancellation)) {
      assertThat(cancellation.requested()).isTrue();
    }
  }

  @Test
  void aJobThatEndedIsLeftAlone() {
    interruption.running(cancellation).close();
    interruption.request();
    assertThat(cancellation.requested()).isFalse();
  }
}
