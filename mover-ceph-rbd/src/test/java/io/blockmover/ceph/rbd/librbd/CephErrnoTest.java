package io.blockmover.ceph.rbd.librbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.ErrorKind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CephErrnoTest {

  @ParameterizedTest
  @CsvSource({
    "1, NOT_PERMITTED, EPERM, capabilities, ACCESS_DENIED",
    "2, GONE, ENOENT, not there, DEVICE",
    "5, BROKEN, EIO, input/output error, DEVICE",
    "9, CLOSED, EBADF, closed here, DEVICE",
    "13, REFUSED, EACCES, no such user, ACCESS_DENIED",
    "16, BUSY, EBUSY, in use, DEVICE",
    "17, EXISTS, EEXIST, exists already, DEVICE",
    "22, BAD_RANGE, EINVAL, range, DEVICE",
    "28, FULL, ENOSPC, full, DEVICE",
    "30, READ_ONLY, EROFS, only be read, DEVICE",
    "34, BUFFER_TOO_SMALL, ERANGE, buffer, DEVICE",
    "38, UNSUPPORTED, ENOSYS, this version of librbd, DEVICE",
    "39, NOT_EMPTY, ENOTEMPTY, snapshots, DEVICE",
    "95, NO_CLASS, EOPNOTSUPP, does not offer, DEVICE",
    "107, NOT_CONNECTED, ENOTCONN, no connection, DEVICE",
    "108, BLOCKLISTED, ESHUTDOWN, blocklisted, DEVICE",
    "110, TIMED_OUT, ETIMEDOUT, in time, DEVICE",
    "122, QUOTA, EDQUOT, quota, DEVICE",
    "125, CANCELLED, ECANCELED, cancelled, DEVICE",
    "71, OTHER, errno 71, without a known meaning, DEVICE",
  })
  void eachRowHasItsNumberItsWordsAndItsException(
      int number, CephErrno errno, String symbol, String words, ErrorKind kind) {
    CephFailure failure = new CephFailure("rbd_call", "pool/image", number);
    assertThat(failure.errno()).isEqualTo(errno);
    assertThat(failure.number()).isEqualTo(number);
    assertThat(failure.advice()).isEqualTo(errno.advice());
    assertThat(failure).hasMessageContainingAll("pool/image", "rbd_call", symbol, words);
    assertThat(failure.asDeviceFailure().kind()).isEqualTo(kind);
    assertThat(failure.asDeviceFailure())
        .isInstanceOfAny(AccessDenied.class, DeviceFailed.class)
        .hasCause(failure)
        .hasMessage(failure.getMessage());
    assertThat(failure.asTrackingFailure().kind()).isEqualTo(ErrorKind.TRACKING);
  }

  @Test
  void noNumberIsInTheTableTwice() {
    assertThat(Arrays.stream(CephErrno.values()).map(CephErrno::number)).doesNotHaveDuplicates();
  }
}
