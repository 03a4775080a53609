package io.blockmover.kubernetes.exposure;

import java.time.Duration;

/**
 * How long things are waited for, and how often they are looked at.
 *
 * @param poll between two looks at an object
 * @param leaseLife after which a run that gives no sign of life is dead
 * @param step for one step: a snapshot to be ready, a pod to start, an object to vanish
 */
public record Pace(Duration poll, Duration leaseLife, Duration step) {

  /** What the product uses. */
  public static final Pace STANDARD =
      new Pace(Duration.ofMillis(500), Duration.ofSeconds(15), Duration.ofMinutes(10));

  public Pace {
    if (!poll.isPositive() || leaseLife.compareTo(poll.multipliedBy(3)) < 0) {
      throw new IllegalArgumentException("a life of " + leaseLife + " with looks each " + poll);
    }
  }

  Duration renewal() {
    return leaseLife.dividedBy(3);
  }
}
