package io.blockmover.repository.store;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.StoreOperation;
import java.time.Duration;

/** Hears of every retry; for progress and metrics. Called on the thread that waits. */
public interface RetryListener {

  /** Hears nothing. */
  RetryListener NONE = (operation, key, failures, delay, cause) -> {};

  /**
   * A request failed and will be repeated.
   *
   * @param key the key, or what a listing was asked for
   * @param failures how often this call has failed by now
   * @param delay how long it waits before the next attempt
   */
  void retrying(
      StoreOperation operation, String key, int failures, Duration delay, MoverException cause);
}
