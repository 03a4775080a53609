package io.blockmover.velero.controller;

import io.blockmover.api.MoverException;
import java.time.Duration;

/**
 * What the controller does now and then, besides its transfers. All chores share one thread.
 *
 * @param name for logs
 * @param every from the end of one run to the next; the first is after this time, too
 */
public record Chore(String name, Duration every, Job job) {

  /** What is done. */
  @FunctionalInterface
  public interface Job {

    /**
     * Does it.
     *
     * @throws MoverException if it could not be done now: it is logged, and done the next time
     */
    void run() throws MoverException;
  }
}
