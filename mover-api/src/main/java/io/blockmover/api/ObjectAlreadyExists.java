package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/** A put-if-absent found the key taken; the existing object is unchanged. */
public final class ObjectAlreadyExists extends MoverException {

  public ObjectAlreadyExists(String message, String advice) {
    this(message, advice, null);
  }

  public ObjectAlreadyExists(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.CONFLICT, message, advice, cause);
  }
}
