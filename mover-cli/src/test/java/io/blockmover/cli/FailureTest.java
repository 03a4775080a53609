package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Cancelled;
import io.blockmover.api.ConditionFailed;
import io.blockmover.api.CorruptData;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.RepositoryNotFound;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.TargetRefused;
import io.blockmover.api.WrongPassword;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTest {

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new RepositoryNotFound("none", "init"), 10, "no_repository"),
        Arguments.of(new ConditionFailed("changed", "again"), 11, "conflict"),
        Arguments.of(new WrongPassword("wrong", "right"), 12, "wrong_password"),
        Arguments.of(new Cancelled("stopped", ""), 130, "cancelled"),
        Arguments.of(new DeviceFailed("gone", "look"), 1, "device"),
        Arguments.of(new TargetRefused("mounted", "umount"), 1, "refused"),
        Arguments.of(new StoreUnavailable("down", Duration.ZERO, null), 1, "unavailable"),
        Arguments.of(new CorruptData("d/00/x", "a", "b"), 1, "corrupt"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void eachKindHasItsExitCode(MoverException cause, int exitCode, String kind) {
    Failure failure = Failure.of(cause);
    assertThat(failure.exitCode()).isEqualTo(exitCode);
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.unexpected()).isFalse();
  }

  @Test
  void aFailureSaysWhatFailedAndWhatToDo() {
    assertThat(Failure.of(new TargetRefused("/dev/sdx is mounted on /mnt", "unmount it")).text())
        .isEqualTo("mover: /dev/sdx is mounted on /mnt\n  what to do: unmount it");
    assertThat(Failure.of(new Cancelled("stopped as asked", "")).text())
        .isEqualTo("mover: stopped as asked");
  }

  @Test
  void aFaultOfOurOwnIsSaidToBeOne() {
    Failure failure = Failure.of(new IllegalStateException("slot 3 twice"));
    assertThat(failure.exitCode()).isEqualTo(1);
    assertThat(failure.unexpected()).isTrue();
    assertThat(failure.text()).contains("slot 3 twice", "-v");
  }
}
