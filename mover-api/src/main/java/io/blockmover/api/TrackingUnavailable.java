package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/** The tracker cannot answer for this snapshot; use the next way of finding changes. */
public final class TrackingUnavailable extends MoverException {

  public TrackingUnavailable(String message, String advice) {
    this(message, advice, null);
  }

  public TrackingUnavailable(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.TRACKING, message, advice, cause);
  }
}
