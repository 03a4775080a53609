package io.blockmover.repository.repack;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.repository.Repository;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.map.MapCursor;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The chunks of some packs that a backup shows, in the order in which they were first seen. Memory
 * is bounded: packs that are too much are given up. For one thread.
 */
final class LiveChunks {

  private static final int MAX_CHUNKS = 256 << 10;

  private final Map<Place, ChunkLocation> chunks = new LinkedHashMap<>();
  private final Set<PackName> givenUp = new TreeSet<>();
  private final int maxChunks;

  LiveChunks() {
    this(MAX_CHUNKS);
  }

  LiveChunks(int maxChunks) {
    this.maxChunks = maxChunks;
  }

  /** What an entry of a map that a backup shows is told to. */
  interface Visitor {
    void visit(MapEntry.Data entry);
  }

  /** Visits what a backup shows in some extents of its map; what newer layers hide is not there. */
  static void visible(
      Repository repository, Manifest manifest, List<Extent> extents, Visitor visitor)
      throws MoverException {
    MapCursor cursor =
        new LayeredMap(repository.metadata(), manifest.map(), manifest.volumeBytes()).cursor(0);
    for (Extent extent : extents) {
      cursor.skipTo(extent.offset());
      for (MapEntry entry = cursor.next(extent.end());
          entry != null;
          entry = cursor.next(extent.end())) {
        if (entry instanceof MapEntry.Data data) {
          visitor.visit(data);
        }
      }
    }
  }

  /** Adds a chunk of a pack that is to be repacked. */
  void add(ChunkLocation chunk) {
    if (givenUp.contains(chunk.pack())) {
      return;
    }
    chunks.putIfAbsent(Place.of(chunk), chunk);
    if (chunks.size() > maxChunks) {
      giveUp(Set.of(chunk.pack()));
    }
  }

  /** Leaves packs alone. */
  void giveUp(Collection<PackName> packs) {
    givenUp.addAll(packs);
    chunks.keySet().removeIf(place -> givenUp.contains(place.pack()));
  }

  /** In the order in which they are to be stored. */
  List<ChunkLocation> inOrder() {
    return List.copyOf(chunks.values());
  }
}
