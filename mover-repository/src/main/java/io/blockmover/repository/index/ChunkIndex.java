package io.blockmover.repository.index;

import io.blockmover.api.MoverException;
import io.blockmover.repository.pack.ChunkLocation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several index segments as one, within a budget of memory for their filters. What does not fit is
 * not consulted: chunks known only there are stored again, and {@link #leftOut} says so.
 * Thread-safe.
 */
public final class ChunkIndex {

  private final List<IndexSegment> consulted;
  private final List<String> leftOut;
  private final IndexRules rules;

  private ChunkIndex(List<IndexSegment> consulted, List<String> leftOut, IndexRules rules) {
    this.consulted = List.copyOf(consulted);
    this.leftOut = List.copyOf(leftOut);
    this.rules = rules;
  }

  /**
   * Loads filters until the budget is used up. Segments that the rules forbid are skipped.
   *
   * @param newestFirst the most useful ones first
   * @param filterBytes memory for filters
   */
  public static ChunkIndex of(List<IndexSegment> newestFirst, long filterBytes, IndexRules rules)
      throws MoverException {
    List<IndexSegment> consulted = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    long room = filterBytes;
    for (IndexSegment segment : newestFirst) {
      if (!rules.usable(segment.asOf())) {
        continue;
      }
      if (segment.filterBytes() > room) {
        leftOut.add(segment.key());
        continue;
      }
      segment.loadFilter();
      room -= segment.filterBytes();
      consulted.add(segment);
    }
    return new ChunkIndex(consulted, leftOut, rules);
  }

  /** Where a chunk is, if that place may be used; null if it must be stored. */
  public @Nullable ChunkLocation find(long idHigh, long idLow) throws MoverException {
    for (IndexSegment segment : consulted) {
      ChunkLocation found = segment.find(idHigh, idLow);
      if (found != null && rules.usable(found.pack(), segment.asOf())) {
        return found;
      }
    }
    return null;
  }

  /** Keys of the segments that did not fit into memory and are not asked. */
  public List<String> leftOut() {
    return leftOut;
  }
}
