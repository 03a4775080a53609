package io.blockmover.repository.store;

import java.time.Duration;

/**
 * How long to keep trying.
 *
 * @param firstDelay the most to wait before the second attempt; it doubles with each further one
 * @param maxDelay the most to wait before any attempt, unless the store asks for more
 * @param deadline how long after its first attempt a call may begin another one
 */
public record RetryPolicy(Duration firstDelay, Duration maxDelay, Duration deadline) {

  public RetryPolicy {
    if (!firstDelay.isPositive() || maxDelay.compareTo(firstDelay) < 0 || deadline.isNegative()) {
      throw new IllegalArgumentException(
          "delays from " + firstDelay + " to " + maxDelay + ", deadline " + deadline);
    }
  }

  /** From 0.2 to 20 seconds apart, for five minutes: outlasts the restart of a gateway. */
  public static RetryPolicy standard() {
    return new RetryPolicy(Duration.ofMillis(200), Duration.ofSeconds(20), Duration.ofMinutes(5));
  }

  /** The wait before attempt number {@code failures + 1}: exponential, all of it jittered. */
  Duration delay(int failures, double random) {
    int doublings = Math.min(failures - 1, 30);
    double nanos =
        Math.min((double) maxDelay.toNanos(), Math.scalb((double) firstDelay.toNanos(), doublings));
    return Duration.ofNanos((long) (nanos * random));
  }
}
