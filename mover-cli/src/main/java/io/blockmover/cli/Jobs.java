package io.blockmover.cli;

import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.Sizes;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;

/** Runs a job where a person watches it and can stop it. */
final class Jobs {

  private final Output output;
  private final Interruption interruption;

  Jobs(Output output, Interruption interruption) {
    this.output = output;
    this.interruption = interruption;
  }

  /** What a job is: it counts in one and looks at the other. */
  interface Job<T> {
    T run(Progress progress, Cancellation cancellation) throws MoverException, InterruptedException;
  }

  /**
   * Runs a job.
   *
   * @param progress that the job counts in
   * @param kept what is to be said if it is interrupted and the job itself says nothing
   */
  <T> T run(String title, Progress progress, String kept, Job<T> job) throws MoverException {
    Cancellation cancellation = new Cancellation();
    Interruption.Scope scope = interruption.running(cancellation);
    try {
      return watched(title, progress, cancellation, job);
    } catch (Cancelled e) {
      long stored = progress.snapshot().storedBytes();
      throw new Cancelled(
          title
              + " interrupted"
              + (stored == 0 ? "" : " after " + Sizes.bytes(stored) + " were written")
              + ": "
              + (e.advice().isEmpty() ? kept : e.getMessage()),
          e.advice().isEmpty() ? "run the same command again when you are ready" : e.advice(),
          e);
    } finally {
      scope.close();
    }
  }

  private <T> T watched(String title, Progress progress, Cancellation cancellation, Job<T> job)
      throws MoverException {
    Output.Watch watch = output.progress(title, progress);
    try {
      return job.run(progress, cancellation);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("stopped as asked", "", e);
    } finally {
      watch.close();
    }
  }
}
