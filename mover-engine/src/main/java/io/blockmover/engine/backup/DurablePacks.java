package io.blockmover.engine.backup;

import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/** Which data packs of this run are in the store. Thread-safe. */
final class DurablePacks {

  private final long run;
  private int[] sizes = new int[64]; // by the name's counter; 0 while it is not in the store
  private final Queue<PackReference> news = new ArrayDeque<>();
  private long bytes;

  /**
   * @param run of the names handed out by this process
   */
  DurablePacks(long run) {
    this.run = run;
  }

  synchronized void add(PackReference pack) {
    int counter = pack.name().counter();
    if (counter >= sizes.length) {
      sizes = Arrays.copyOf(sizes, Math.max(counter + 1, 2 * sizes.length));
    }
    sizes[counter] = Math.toIntExact(pack.sizeBytes());
    news.add(pack);
    bytes += pack.sizeBytes();
  }

  /** Whether a pack is in the store: this run's if it was put, any other's anyway. */
  synchronized boolean contains(PackName pack) {
    return pack.run() != run || sizeOf(pack) > 0;
  }

  /** The size of a pack of this run that is in the store; 0 if it is not, or of another run. */
  synchronized long sizeOf(PackName pack) {
    int counter = pack.counter();
    return pack.run() == run && counter < sizes.length ? sizes[counter] : 0;
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
