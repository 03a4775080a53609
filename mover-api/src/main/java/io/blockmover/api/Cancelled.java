package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/** The caller asked to stop, and the work stopped cleanly. */
public final class Cancelled extends MoverException {

  public Cancelled(String message, String advice) {
    this(message, advice, null);
  }

  public Cancelled(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.CANCELLED, message, advice, cause);
  }
}
