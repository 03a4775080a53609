package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/** A write may or may not have taken effect. Delete nothing; find out by reading. */
public final class WriteOutcomeUnknown extends MoverException {

  public WriteOutcomeUnknown(String message, String advice) {
    this(message, advice, null);
  }

  public WriteOutcomeUnknown(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.OUTCOME_UNKNOWN, message, advice, cause);
  }

  @Override
  public boolean retryable() {
    return true;
  }
}
