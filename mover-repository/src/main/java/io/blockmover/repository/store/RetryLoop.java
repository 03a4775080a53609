package io.blockmover.repository.store;

import io.blockmover.api.MoverException;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.StoreOperation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The attempts of one call: how many failed, since when, and what is worth another one. */
final class RetryLoop {

  private final RetryPolicy policy;
  private final Duration deadline;
  private final Timing timing;
  private final RetryListener listener;
  private final StoreOperation operation;
  private final String key;
  private final long startNanos;
  private int failures;
  private @Nullable WriteOutcomeUnknown unknown;

  RetryLoop(
      RetryPolicy policy,
      Duration deadline,
      Timing timing,
      RetryListener listener,
      StoreOperation operation,
      String key) {
    this.policy = policy;
    this.deadline = deadline;
    this.timing = timing;
    this.listener = listener;
    this.operation = operation;
    this.key = key;
    this.startNanos = timing.nanoTime().getAsLong();
  }

  /** Whether an attempt of this call may have taken effect unseen. */
  boolean mayHaveTakenEffect() {
    return unknown != null;
  }

  /**
   * Waits for the next attempt after a failure that is worth one.
   *
   * @throws MoverException the failure, if it is not worth another attempt or time is up; or that
   *     the outcome is unknown, if an attempt before it left that open
   */
  void pauseAfter(MoverException failure) throws MoverException {
    if (failure instanceof WriteOutcomeUnknown lost && unknown == null) {
      unknown = lost;
    }
    boolean unavailable = failure instanceof StoreUnavailable;
    if (!unavailable && !(failure instanceof WriteOutcomeUnknown)) {
      throw giveUp(failure);
    }
    failures++;
    Duration delay = policy.delay(failures, timing.random().getAsDouble());
    if (failure instanceof StoreUnavailable told) {
      // On top of what the store asked for, or all who were told the same come back at once.
      delay = delay.plus(told.retryAfter());
    }
    Duration elapsed = Duration.ofNanos(timing.nanoTime().getAsLong() - startNanos);
    if (elapsed.plus(delay).compareTo(deadline) > 0) {
      throw giveUp(failure);
    }
    listener.retrying(operation, key, failures, delay, failure);
    timing.sleep(delay, operation + " " + key + " again");
  }

  /** What to throw when no attempt follows. */
  MoverException giveUp(MoverException failure) {
    if (unknown == null || unknown == failure) {
      return failure;
    }
    unknown.addSuppressed(failure);
    return unknown;
  }
}
