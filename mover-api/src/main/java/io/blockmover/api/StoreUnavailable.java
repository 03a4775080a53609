package io.blockmover.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The store did not answer or asked to slow down, and the request has certainly not taken effect or
 * is harmless to repeat.
 */
public final class StoreUnavailable extends MoverException {

  private final Duration retryAfter;

  /**
   * @param retryAfter how long the store asked to wait, zero if it said nothing
   */
  public StoreUnavailable(String message, Duration retryAfter, @Nullable Throwable cause) {
    super(
        ErrorKind.UNAVAILABLE,
        message,
        "check that the store is up and reachable, then run the same command again",
        cause);
    this.retryAfter = retryAfter;
  }

  /** How long the store asked to wait, zero if it said nothing. */
  public Duration retryAfter() {
    return retryAfter;
  }

  @Override
  public boolean retryable() {
    return true;
  }
}
