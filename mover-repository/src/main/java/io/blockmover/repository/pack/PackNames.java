package io.blockmover.repository.pack;

import java.util.concurrent.atomic.AtomicInteger;

/** Hands out the names of one run of one session. Thread-safe. */
public final class PackNames {

  private final long sessionHigh;
  private final long sessionLow;
  private final long run;
  private final AtomicInteger counter = new AtomicInteger();

  /**
   * @param run random, drawn by this process: what makes names of a resumed session new
   */
  public PackNames(long sessionHigh, long sessionLow, long run) {
    this.sessionHigh = sessionHigh;
    this.sessionLow = sessionLow;
    this.run = run;
  }

  /** A name that nobody had before. */
  public PackName next() {
    int count = counter.getAndIncrement();
    if (count == -1) {
      throw new IllegalStateException("a run has at most 2^32 packs");
    }
    return new PackName(sessionHigh, sessionLow, run, count);
  }

  /** The session's id as in keys: 32 hex digits. */
  public String session() {
    return new PackName(sessionHigh, sessionLow, run, 0).session();
  }

  /** The run that these names are of. */
  public long run() {
    return run;
  }

  /** The first 24 bytes of every name. */
  byte[] sessionAndRun() {
    return java.util.Arrays.copyOf(new PackName(sessionHigh, sessionLow, run, 0).toBytes(), 24);
  }
}
