package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/**
 * The store refuses the request for a reason that only a person can change: no such bucket, wrong
 * region, malformed request.
 */
public final class StoreRejected extends MoverException {

  public StoreRejected(String message, String advice) {
    this(message, advice, null);
  }

  public StoreRejected(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.REFUSED, message, advice, cause);
  }
}
