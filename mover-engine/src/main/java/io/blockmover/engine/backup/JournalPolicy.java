package io.blockmover.engine.backup;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When a running backup writes down what is durable. Small backups end before that.
 *
 * @param bytes of packs that became durable since the last record
 * @param pause at least, however much is durable: workers wait while a record is put
 * @param interval at most, however little is durable
 * @param nanoTime the clock for it
 */
public record JournalPolicy(long bytes, Duration pause, Duration interval, LongSupplier nanoTime) {

  /** What the product uses: at most this much is sent again. */
  public static final JournalPolicy STANDARD =
      new JournalPolicy(
          256L << 20, Duration.ofSeconds(2), Duration.ofSeconds(10), System::nanoTime);

  /** After so many bytes of packs, without a pause; and by time as usual. */
  public static JournalPolicy every(long bytes) {
    return new JournalPolicy(bytes, Duration.ZERO, STANDARD.interval, STANDARD.nanoTime);
  }
}
