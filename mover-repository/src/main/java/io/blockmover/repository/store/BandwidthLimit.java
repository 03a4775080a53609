package io.blockmover.repository.store;

import io.blockmover.api.Cancelled;
import java.time.Duration;

/**
 * A limit on bytes per second, shared by all threads that ask it. Holds on average: each transfer
 * goes at full speed, and the next waits until it has been paid for.
 */
public final class BandwidthLimit {

  private static final double NANOS_PER_SECOND = 1e9;

  private final double nanosPerByte;
  private final Timing timing;
  private long paidUntilNanos;

  /**
   * @param bytesPerSecond the limit; 0 for none
   */
  public BandwidthLimit(long bytesPerSecond, Timing timing) {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("limit is " + bytesPerSecond);
    }
    this.nanosPerByte = bytesPerSecond == 0 ? 0 : NANOS_PER_SECOND / bytesPerSecond;
    this.timing = timing;
    this.paidUntilNanos = timing.nanoTime().getAsLong();
  }

  /**
   * Waits until so many bytes may go.
   *
   * @throws Cancelled if the thread is interrupted; the flag stays set
   */
  public void acquire(long bytes) throws Cancelled {
    if (nanosPerByte == 0) {
      return;
    }
    long wait;
    synchronized (this) {
      long now = timing.nanoTime().getAsLong();
      long begin = Math.max(0, paidUntilNanos - now);
      paidUntilNanos = now + begin + (long) (bytes * nanosPerByte);
      wait = begin;
    }
    if (wait > 0) {
      timing.sleep(Duration.ofNanos(wait), "keep to the bandwidth limit");
    }
  }
}
