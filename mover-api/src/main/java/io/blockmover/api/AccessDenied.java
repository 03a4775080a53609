package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/** Credentials are missing, wrong or not allowed to do this; trying again does not help. */
public final class AccessDenied extends MoverException {

  public AccessDenied(String message, String advice) {
    this(message, advice, null);
  }

  public AccessDenied(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.ACCESS_DENIED, message, advice, cause);
  }
}
