package io.blockmover.ceph.rbd.librbd;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;

/** A call of librados or librbd that answered with an error. */
public final class CephFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final String subject;
  private final int number;
  private final String advice;

  CephFailure(String call, String subject, int number) {
    this(call, subject, number, CephErrno.of(number).advice());
  }

  CephFailure(String call, String subject, int number, String advice) {
    super(subject + ": " + CephErrno.of(number).text(number) + ", said " + call);
    this.subject = subject;
    this.number = number;
    this.advice = advice;
  }

  /** What it means. */
  public CephErrno errno() {
    return CephErrno.of(number);
  }

  /** Linux's error number, positive, also where the table has no row for it. */
  public int number() {
    return number;
  }

  /** What the call was about: an image, a pool, a cluster. */
  public String subject() {
    return subject;
  }

  /** What a person should do next; empty if nothing can be said. */
  public String advice() {
    return advice;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /** As the failure of a source or target: {@link AccessDenied} or {@link DeviceFailed}. */
  public MoverException asDeviceFailure() {
    return switch (errno()) {
      case NOT_PERMITTED, REFUSED -> new AccessDenied(getMessage(), advice, this);
      default -> new DeviceFailed(getMessage(), advice, this);
    };
  }

  /** As a tracker's reason to step down the ladder. */
  public TrackingUnavailable asTrackingFailure() {
    return new TrackingUnavailable(getMessage(), advice, this);
  }
}
