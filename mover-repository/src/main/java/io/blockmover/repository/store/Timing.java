package io.blockmover.repository.store;

import io.blockmover.api.Cancelled;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Time and chance, injected so that tests and the simulation own them. Thread-safe.
 *
 * @param nanoTime a clock that never goes back, as {@link System#nanoTime()}
 * @param sleeper how to wait
 * @param random numbers from 0 (inclusive) to 1 (exclusive)
 */
public record Timing(LongSupplier nanoTime, Sleeper sleeper, DoubleSupplier random) {

  /** The machine's. */
  public static Timing system() {
    return new Timing(
        System::nanoTime, Thread::sleep, () -> ThreadLocalRandom.current().nextDouble());
  }

  /**
   * Waits.
   *
   * @param what what it waits for, for the message
   * @throws Cancelled if the thread is interrupted; the flag stays set
   */
  public void sleep(Duration duration, String what) throws Cancelled {
    try {
      sleeper.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while waiting to " + what, "", e);
    }
  }

  /** How to wait. */
  public interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
  }
}
