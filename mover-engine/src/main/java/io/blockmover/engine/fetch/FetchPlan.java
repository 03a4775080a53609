package io.blockmover.engine.fetch;

import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns wanted chunks into few, large requests: by pack, in order of the first use of each pack;
 * gaps that are cheaper to read than to leave out are read. A chunk that is used in several places
 * is read once.
 */
public final class FetchPlan {

  /** What a store delivers in the time that a request takes. */
  private static final int MAX_GAP_BYTES = 1 << 20;

  private final int maxFetchBytes;
  private final Map<PackName, List<WantedChunk>> byPack = new LinkedHashMap<>();

  /**
   * @param maxFetchBytes of one request, room for at least one record
   */
  public FetchPlan(int maxFetchBytes) {
    this.maxFetchBytes = maxFetchBytes;
  }

  /** Adds a use of a chunk. */
  public void add(ChunkLocation location, ChunkUse use) {
    byPack
        .computeIfAbsent(location.pack(), pack -> new ArrayList<>())
        .add(new WantedChunk(location, use));
  }

  /** How many packs have to be read. */
  public int packs() {
    return byPack.size();
  }

  /** The packs, in the order in which they will be read. */
  public Iterable<PackName> packNames() {
    return byPack.keySet();
  }

  /** The requests; the plan is empty after. */
  public List<Fetch> finish() {
    List<Fetch> result = new ArrayList<>();
    for (List<WantedChunk> chunks : byPack.values()) {
      chunks.sort(Comparator.comparingInt(chunk -> chunk.location().offset()));
      split(merge(chunks), result);
    }
    byPack.clear();
    return result;
  }

  private static List<WantedChunk> merge(List<WantedChunk> sorted) {
    List<WantedChunk> merged = new ArrayList<>(sorted.size());
    for (WantedChunk chunk : sorted) {
      if (!merged.isEmpty() && merged.getLast().location().equals(chunk.location())) {
        merged.getLast().addUsesOf(chunk);
      } else {
        merged.add(chunk);
      }
    }
    return merged;
  }

  private void split(List<WantedChunk> sorted, List<Fetch> result) {
    int first = 0;
    for (int i = 1; i <= sorted.size(); i++) {
      if (i == sorted.size() || !fits(sorted.get(first), sorted.get(i - 1), sorted.get(i))) {
        result.add(fetch(sorted.subList(first, i)));
        first = i;
      }
    }
  }

  private boolean fits(WantedChunk first, WantedChunk last, WantedChunk next) {
    long gap = (long) next.location().offset() - last.location().endOffset();
    long length = (long) next.location().endOffset() - first.location().offset();
    return gap >= 0 && gap < MAX_GAP_BYTES && length <= maxFetchBytes;
  }

  private static Fetch fetch(List<WantedChunk> chunks) {
    int from = chunks.getFirst().location().offset();
    int length = chunks.getLast().location().endOffset() - from;
    List<WantedChunk> inVolumeOrder = new ArrayList<>(chunks);
    inVolumeOrder.sort(Comparator.comparingLong(chunk -> chunk.uses().getFirst().offset()));
    return new Fetch(chunks.getFirst().location().pack(), from, length, inVolumeOrder);
  }
}
