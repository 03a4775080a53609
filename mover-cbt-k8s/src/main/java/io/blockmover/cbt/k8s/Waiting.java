package io.blockmover.cbt.k8s;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Time, as far as the client waits for it or measures it; tests bring their own. */
interface Waiting {

  /** As {@link System#nanoTime}. */
  long nanoTime();

  void pause(Duration duration) throws InterruptedException;

  /** A pause shortened at random, so that many clients do not come back at once. */
  Duration shortened(Duration duration);

  /** The real one. */
  static Waiting real() {
    return new Waiting() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public void pause(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
      }

      @Override
      public Duration shortened(Duration duration) {
        long nanos = duration.toNanos();
        return Duration.ofNanos(nanos / 2 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1));
      }
    };
  }
}
