package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/** The object does not exist. */
public final class ObjectNotFound extends MoverException {

  public ObjectNotFound(String message, String advice) {
    this(message, advice, null);
  }

  public ObjectNotFound(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.NOT_FOUND, message, advice, cause);
  }
}
