package io.blockmover.engine.progress;

import io.blockmover.api.Cancelled;

/** How a job is told to stop: it does so at the next chunk. Thread-safe. */
public final class Cancellation {

  private volatile boolean requested;

  /** Asks the job to stop. Repeating is harmless. */
  public void request() {
    requested = true;
  }

  public boolean requested() {
    return requested;
  }

  /**
   * Goes on unless a stop was asked for.
   *
   * @throws Cancelled if it was
   */
  public void check() throws Cancelled {
    if (requested) {
      throw new Cancelled("stopped as asked", "");
    }
  }
}
