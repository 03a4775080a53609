package io.blockmover.cbt.k8s;

import io.blockmover.api.Extent;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Joins extents that touch, over the borders of messages. Extents are cut at multiples of 1 GiB, so
 * that none is held back for long and any offset resumes to the same answer.
 */
final class ExtentMerger {

  static final long GRAIN_BYTES = 1L << 30;

  private final Queue<Extent> ready = new ArrayDeque<>();
  private long start = -1;
  private long end = -1;

  /** Adds what comes next; {@code from} must not lie before what was added last. */
  void add(long from, long to) {
    if (from != end) {
      flush();
      start = from;
    }
    end = to;
    long border = (start / GRAIN_BYTES + 1) * GRAIN_BYTES;
    while (border > 0 && border < end) { // negative: beyond what a number holds
      ready.add(Extent.between(start, border));
      start = border;
      border += GRAIN_BYTES;
    }
    if (border == end) {
      flush();
    }
  }

  /** Nothing more will come that could touch the last. */
  void flush() {
    if (start < end) {
      ready.add(Extent.between(start, end));
    }
    start = -1;
    end = -1;
  }

  /** An extent that nothing can be joined to any more; null if there is none yet. */
  @Nullable Extent poll() {
    return ready.poll();
  }
}
