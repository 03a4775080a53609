package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.cli.output.Output;
import io.blockmover.repository.store.RetryListener;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Says once why a command waits: the store fails, and is asked again for minutes. */
final class RetryWarning implements RetryListener {

  /** A single failure is everyday business of a store. */
  private static final int WORTH_A_WORD = 3;

  private final Output output;
  private final AtomicBoolean said = new AtomicBoolean();

  RetryWarning(Output output) {
    this.output = output;
  }

  @Override
  public void retrying(
      StoreOperation operation, String key, int failures, Duration delay, MoverException cause) {
    if (failures >= WORTH_A_WORD && !said.getAndSet(true)) {
      output.warn(cause.getMessage() + "; trying again for up to five minutes");
    }
  }
}
