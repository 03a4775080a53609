package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/**
 * The target must not be written as asked: mounted, in use, too small, read-only, or holding
 * something.
 */
public final class TargetRefused extends MoverException {

  public TargetRefused(String message, String advice) {
    this(message, advice, null);
  }

  public TargetRefused(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.REFUSED, message, advice, cause);
  }
}
