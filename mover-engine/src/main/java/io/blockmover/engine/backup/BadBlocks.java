package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The places of a volume that could not be read. A dead device is one extent, not millions of
 * blocks; of one that fails here and there, places that lie close are joined, so that the list
 * stays short: it may then name bytes that were read. For one thread.
 */
final class BadBlocks {

  /** More places than this are joined with their neighbours. */
  static final int MAX_PLACES = 4096;

  private final TreeMap<Long, Long> ends = new TreeMap<>();
  private long joinedGap;

  /** Adds a place, and joins it with those that touch it. */
  void add(Extent place) {
    long from = place.offset();
    long to = place.end();
    Map.Entry<Long, Long> near = ends.floorEntry(to + joinedGap);
    while (near != null && near.getValue() + joinedGap >= from) {
      from = Math.min(from, near.getKey());
      to = Math.max(to, near.getValue());
      ends.remove(near.getKey());
      near = ends.floorEntry(to + joinedGap);
    }
    ends.put(from, to);
    bound();
  }

  private void bound() {
    while (ends.size() > MAX_PLACES) {
      joinedGap = Math.max(4096, 2 * joinedGap);
      List<Extent> all = list();
      ends.clear();
      all.forEach(this::add);
    }
  }

  /** Takes away what has been read after all. */
  void remove(Extent read) {
    if (ends.isEmpty()) {
      return;
    }
    Map.Entry<Long, Long> near = ends.lowerEntry(read.end());
    while (near != null && near.getValue() > read.offset()) {
      long from = near.getKey();
      long to = near.getValue();
      ends.remove(from);
      if (from < read.offset()) {
        ends.put(from, read.offset());
      }
      if (to > read.end()) {
        ends.put(read.end(), to);
      }
      near = ends.lowerEntry(Math.min(read.end(), from));
    }
    bound();
  }

  /** All places, ascending and disjoint. */
  List<Extent> list() {
    List<Extent> all = new ArrayList<>(ends.size());
    ends.forEach((from, to) -> all.add(Extent.between(from, to)));
    return all;
  }

  /** Adds a block to a list, to its last extent if it begins where that ends. */
  static void append(List<Extent> blocks, Extent block) {
    if (!blocks.isEmpty() && blocks.getLast().end() == block.offset()) {
      blocks.set(blocks.size() - 1, Extent.between(blocks.getLast().offset(), block.end()));
    } else {
      blocks.add(block);
    }
  }
}
