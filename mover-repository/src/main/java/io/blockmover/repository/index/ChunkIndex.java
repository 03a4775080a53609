package io.blockmover.repository.index;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.pack.ChunkLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several index segments as one, within a budget of memory for their filters. What does not fit is
 * not consulted: chunks known only there are stored again, and {@link #leftOut} says so.
 * Thread-safe.
 */
public final class ChunkIndex {

  private static final Logger LOG = LoggerFactory.getLogger(ChunkIndex.class);
  private static final String PASSED_OVER =
      "index segment {} is passed over, what only it knows is stored again: {}";

  private final CopyOnWriteArrayList<IndexSegment> consulted;
  private final List<String> leftOut;
  private final IndexRules rules;

  private ChunkIndex(List<IndexSegment> consulted, List<String> leftOut, IndexRules rules) {
    this.consulted = new CopyOnWriteArrayList<>(consulted);
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
      try {
        segment.loadFilter();
      } catch (CorruptData | ObjectNotFound e) {
        LOG.warn(PASSED_OVER, segment.key(), e.toString());
        continue;
      }
      room -= segment.filterBytes();
      consulted.add(segment);
    }
    return new ChunkIndex(consulted, leftOut, rules);
  }

  /** Where a chunk is, if that place may be used; null if it must be stored. */
  public @Nullable ChunkLocation find(long idHigh, long idLow) throws MoverException {
    for (IndexSegment segment : consulted) {
      ChunkLocation found = findIn(segment, idHigh, idLow);
      if (found != null && rules.usable(found.pack(), segment.asOf())) {
        return found;
      }
    }
    return null;
  }

  /**
   * A segment that cannot be read is not asked again: the index saves space, it is never needed.
   */
  private @Nullable ChunkLocation findIn(IndexSegment segment, long idHigh, long idLow)
      throws MoverException {
    try {
      return segment.find(idHigh, idLow);
    } catch (CorruptData | ObjectNotFound e) {
      if (consulted.remove(segment)) {
        LOG.warn(PASSED_OVER, segment.key(), e.toString());
      }
      return null;
    }
  }

  /** Keys of the segments that did not fit into memory and are not asked. */
  public List<String> leftOut() {
    return leftOut;
  }
}
