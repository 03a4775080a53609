package io.blockmover.engine.backup;

import io.blockmover.repository.pack.ChunkId;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The chunks that this session has stored or found, for deduplication: a table of fixed size whose
 * old entries give way to new ones, so that memory does not grow with the volume. What is forgotten
 * costs space, never data. Thread-safe.
 */
final class SessionChunks {

  private static final int PROBES = 8;
  private static final int MAX_PACKS = 1 << 16;

  private final int mask;
  private final long[] ids;
  private final int[] places;
  private final List<PackName> packs = new ArrayList<>();
  private final Map<PackName, Integer> ordinals = new HashMap<>();
  private int victim;

  /**
   * @param capacity number of chunks, rounded up to a power of two
   */
  SessionChunks(int capacity) {
    int size = Integer.highestOneBit(Math.max(PROBES, capacity - 1)) << 1;
    mask = size - 1;
    ids = new long[2 * size];
    places = new int[4 * size];
  }

  @Nullable ChunkLocation find(ChunkId id, int plainLength) {
    return find(id.a(), id.b(), plainLength);
  }

  /**
   * @param idHigh first 8 bytes of the chunk's id, and {@code idLow} the next 8
   */
  synchronized @Nullable ChunkLocation find(long idHigh, long idLow, int plainLength) {
    for (int probe = 0; probe < PROBES; probe++) {
      int slot = slot(idHigh, probe);
      if (ids[2 * slot] == idHigh
          && ids[2 * slot + 1] == idLow
          && places[4 * slot + 3] == plainLength) {
        return new ChunkLocation(
            idHigh,
            idLow,
            packs.get(places[4 * slot]),
            places[4 * slot + 1],
            places[4 * slot + 2],
            plainLength);
      }
    }
    return null;
  }

  /** Remembers a chunk. */
  synchronized void add(ChunkLocation location) {
    int chosen = -1;
    for (int probe = 0; probe < PROBES && chosen < 0; probe++) {
      int slot = slot(location.idHigh(), probe);
      if (places[4 * slot + 3] == 0) {
        chosen = slot;
      }
    }
    if (chosen < 0) {
      chosen = slot(location.idHigh(), victim++ & (PROBES - 1));
    }
    ids[2 * chosen] = location.idHigh();
    ids[2 * chosen + 1] = location.idLow();
    places[4 * chosen] = ordinal(location.pack());
    places[4 * chosen + 1] = location.offset();
    places[4 * chosen + 2] = location.storedLength();
    places[4 * chosen + 3] = location.plainLength();
  }

  private int ordinal(PackName pack) {
    Integer known = ordinals.get(pack);
    if (known != null) {
      return known;
    }
    if (packs.size() == MAX_PACKS) {
      packs.clear();
      ordinals.clear();
      java.util.Arrays.fill(places, 0);
      java.util.Arrays.fill(ids, 0);
    }
    packs.add(pack);
    ordinals.put(pack, packs.size() - 1);
    return packs.size() - 1;
  }

  private int slot(long idHigh, int probe) {
    return ((int) (idHigh >>> 32) + probe) & mask;
  }
}
