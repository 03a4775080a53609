package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/**
 * A conditional write was refused: the object is not what it was when it was read. Nothing was
 * written by this transmission.
 */
public final class ConditionFailed extends MoverException {

  public ConditionFailed(String message, String advice) {
    this(message, advice, null);
  }

  public ConditionFailed(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.CONFLICT, message, advice, cause);
  }
}
