package io.blockmover.engine.backup;

import io.blockmover.api.MoverException;
import java.util.HashMap;
import java.util.Map;

/**
 * Brings the results of many workers back into the order of the volume. Whoever delivers the next
 * one passes it and all that waited for it on. The number that wait is bounded by the window.
 */
final class InOrder {

  /** Takes results one by one, in order. */
  interface Consumer {
    void accept(CellResult result) throws MoverException;
  }

  private final Consumer consumer;
  private final int window;
  private final Map<Long, CellResult> waiting = new HashMap<>();
  private long next;

  /**
   * @param window how far ahead of the slowest cell others may get
   */
  InOrder(Consumer consumer, int window) {
    this.consumer = consumer;
    this.window = window;
  }

  /** Delivers a result; waits while it is too far ahead. */
  synchronized void deliver(long sequence, CellResult result)
      throws MoverException, InterruptedException {
    while (sequence >= next + window) {
      wait();
    }
    waiting.put(sequence, result);
    CellResult ready = waiting.remove(next);
    while (ready != null) {
      consumer.accept(ready);
      next++;
      ready = waiting.remove(next);
    }
    notifyAll();
  }
}
