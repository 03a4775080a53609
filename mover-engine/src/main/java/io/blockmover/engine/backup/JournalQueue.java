package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Results that are not in the journal yet, in the volume's order. Unchanged stretches take no room.
 * For one thread at a time.
 */
final class JournalQueue {

  private final DurablePacks durable;
  private final Deque<CellResult> waiting = new ArrayDeque<>();
  private long reached;

  /**
   * @param from where the journal ends
   */
  JournalQueue(DurablePacks durable, long from) {
    this.durable = durable;
    this.reached = from;
  }

  void add(CellResult result) {
    boolean unchanged = result.runs().isEmpty() && result.pieces().isEmpty();
    if (!unchanged) {
      waiting.add(result);
    } else if (waiting.isEmpty()) {
      reached = result.cell().end();
    } else {
      CellResult last = waiting.removeLast();
      waiting.add(
          new CellResult(
              Extent.between(last.cell().offset(), result.cell().end()),
              last.runs(),
              last.pieces(),
              last.changedBytes(),
              last.badBlocks(),
              last.looked()));
    }
  }

  int size() {
    return waiting.size();
  }

  /** Takes the results from the front whose packs are all in the store. */
  List<CellResult> takeDurable() {
    List<CellResult> taken = new ArrayList<>();
    while (!waiting.isEmpty() && isDurable(waiting.getFirst())) {
      CellResult result = waiting.removeFirst();
      reached = result.cell().end();
      taken.add(result);
    }
    return taken;
  }

  private boolean isDurable(CellResult result) {
    for (CellResult.Run run : result.runs()) {
      if (run.chunk() != null && !durable.contains(run.chunk().pack())) {
        return false;
      }
    }
    return true;
  }

  /** The end of what was taken, and of the unchanged stretch that follows it. */
  long reached() {
    return reached;
  }
}
