package io.blockmover.cbt.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StatusTableTest {

  @ParameterizedTest
  @CsvSource({
    "CANCELLED, RESUME",
    "UNKNOWN, RESUME",
    "INVALID_ARGUMENT, GIVE_UP",
    "DEADLINE_EXCEEDED, RESUME_IF_FURTHER",
    "NOT_FOUND, BASE_GONE",
    "ALREADY_EXISTS, GIVE_UP",
    "PERMISSION_DENIED, GIVE_UP",
    "RESOURCE_EXHAUSTED, SMALLER_MESSAGES",
    "FAILED_PRECONDITION, BASE_GONE",
    "ABORTED, RESUME",
    "OUT_OF_RANGE, PAST_THE_END",
    "UNIMPLEMENTED, GIVE_UP",
    "INTERNAL, RESUME",
    "UNAVAILABLE, LOOK_AND_RESUME",
    "DATA_LOSS, GIVE_UP",
    "UNAUTHENTICATED, NEW_TOKEN"
  })
  void eachStatusHasItsAction(Status.Code code, StatusTable.Action action) {
    assertThat(StatusTable.row(code).action()).isEqualTo(action);
  }

  @ParameterizedTest
  @EnumSource(value = Status.Code.class, names = "OK", mode = EnumSource.Mode.EXCLUDE)
  void noFailureIsWithoutAdvice(Status.Code code) {
    assertThat(StatusTable.row(code).advice()).isNotBlank();
  }

  @Test
  void okIsNoFailure() {
    assertThatThrownBy(() -> StatusTable.row(Status.Code.OK))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
