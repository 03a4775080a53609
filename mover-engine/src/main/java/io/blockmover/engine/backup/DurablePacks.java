package io.blockmover.engine.backup;

import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;

/** Which data packs of this run are in the store. Thread-safe. */
final class DurablePacks {

  private final long run;
  private final BitSet counters = new BitSet();
  private final Queue<PackReference> news = new ArrayDeque<>();
  private long bytes;

  /**
   * @param run of the names handed out by this process
   */
  DurablePacks(long run) {
    this.run = run;
  }

  synchronized void add(PackReference pack) {
    counters.set(pack.name().counter());
    news.add(pack);
    bytes += pack.sizeBytes();
  }

  /** Whether a pack is in the store: this run's if it was put, any other's anyway. */
  synchronized boolean contains(PackName pack) {
    return pack.run() != run || counters.get(pack.counter());
  }

  /** The packs that became durable since this was asked last. */
  synchronized List<PackReference> takeNews() {
    List<PackReference> taken = new ArrayList<>(news);
    news.clear();
    return taken;
  }

  /** Bytes of all of them. */
  synchronized long bytes() {
    return bytes;
  }
}
