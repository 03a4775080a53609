package io.blockmover.engine.progress;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of one job. The job adds, anyone may look at any time; nothing blocks. What they count
 * stands at the fields of {@link Snapshot}.
 */
public final class Progress {

  /** What a job is doing. */
  public enum Phase {
    STARTING,
    PLANNING,
    MOVING,
    FLUSHING,
    COMMITTING,
    CHECKING,
    DONE
  }

  /**
   * The state at one moment.
   *
   * @param totalBytes of the volume or of the work, 0 while unknown
   * @param doneBytes of {@code totalBytes} that need nothing more (read, skipped or written)
   * @param readBytes read from the device (backup) or the store (restore, verify)
   * @param storedBytes sent to the store (backup) or written to the device (restore)
   * @param retries requests and reads that were tried again
   * @param sampledBytes read from the device only to see whether a tracker tells the truth
   */
  public record Snapshot(
      Phase phase,
      long totalBytes,
      long doneBytes,
      long readBytes,
      long storedBytes,
      long retries,
      long sampledBytes) {}

  private volatile Phase phase = Phase.STARTING;
  private volatile long totalBytes;
  private final LongAdder doneBytes = new LongAdder();
  private final LongAdder readBytes = new LongAdder();
  private final LongAdder storedBytes = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder sampledBytes = new LongAdder();

  public void phase(Phase next) {
    phase = next;
  }

  public void total(long bytes) {
    totalBytes = bytes;
  }

  public void done(long bytes) {
    doneBytes.add(bytes);
  }

  public void read(long bytes) {
    readBytes.add(bytes);
  }

  public void stored(long bytes) {
    storedBytes.add(bytes);
  }

  public void sampled(long bytes) {
    sampledBytes.add(bytes);
  }

  public void retried() {
    retries.increment();
  }

  /** The state now; the counters are not of exactly the same instant. */
  public Snapshot snapshot() {
    return new Snapshot(
        phase,
        totalBytes,
        doneBytes.sum(),
        readBytes.sum(),
        storedBytes.sum(),
        retries.sum(),
        sampledBytes.sum());
  }
}
