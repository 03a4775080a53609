package io.blockmover.repository.store;

import java.time.Duration;

/**
 * How long to keep trying.
 *
 * @param firstDelay the most to wait before the second attempt; it doubles with each further one
 * @param maxDelay the most to wait before any attempt, unless the store asks for more
 * @param deadline how long after its first attempt a call may begin another one
 * @param firstContact the same for calls to a store that has not answered yet: perhaps it is the
 *     wrong address
 */
public record RetryPolicy(
    Duration firstDelay, Duration maxDelay, Duration deadline, Duration firstContact) {

  public RetryPolicy {
    if (!firstDelay.isPositive() || maxDelay.compareTo(firstDelay) < 0 || deadline.isNegative()) {
      throw new IllegalArgumentException(
          "delays from " + firstDelay + " to " + maxDelay + ", deadline " + deadline);
    }
    if (firstContact.isNegative() || firstContact.compareTo(deadline) > 0) {
      throw new IllegalArgumentException("first contact " + firstContact + " of " + deadline);
    }
  }

  /**
   * From 0.2 to 20 seconds apart, for five minutes: outlasts the restart of a gateway. One minute
   * where nobody has answered yet.
   */
  public static RetryPolicy standard() {
    return new RetryPolicy(
        Duration.ofMillis(200),
        Duration.ofSeconds(20),
        Duration.ofMinutes(5),
        Duration.ofMinutes(1));
  }

  /** The wait before attempt number {@code failures + 1}: exponential, all of it jittered. */
  Duration delay(int failures, double random) {
    int doublings = Math.min(failures - 1, 30);
    double nanos =
        Math.min((double) maxDelay.toNanos(), Math.scalb((double) firstDelay.toNanos(), doublings));
    return Duration.ofNanos((long) (nanos * random));
  }
}
