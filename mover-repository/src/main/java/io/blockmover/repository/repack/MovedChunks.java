package io.blockmover.repository.repack;

import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where chunks were, and where they are now as well. For one thread. */
final class MovedChunks {

  private final Map<Place, ChunkLocation> now = new HashMap<>();
  private final SortedSet<PackName> from = new TreeSet<>();
  private final Map<PackName, PackReference> to = new HashMap<>();

  void moved(ChunkLocation old, ChunkLocation chunk) {
    now.put(Place.of(old), chunk);
    from.add(old.pack());
  }

  /** A pack that chunks were moved to is in the store. */
  synchronized void stored(PackReference pack) {
    to.put(pack.name(), pack);
  }

  /** A pack stays: not all of it could be moved. */
  void undo(Collection<PackName> packs) {
    now.keySet().removeIf(place -> packs.contains(place.pack()));
    from.removeAll(packs);
  }

  /** The packs that nothing needs to need any more. */
  SortedSet<PackName> emptied() {
    return Collections.unmodifiableSortedSet(from);
  }

  /** Where the chunk of an entry is now; null if it was not moved. */
  @Nullable ChunkLocation of(MapEntry.Data entry) {
    return from.contains(entry.location().pack()) ? now.get(Place.of(entry.location())) : null;
  }

  /** The entry, of the chunk where it is now. */
  MapEntry moved(MapEntry entry) {
    if (!(entry instanceof MapEntry.Data data)) {
      return entry;
    }
    ChunkLocation chunk = of(data);
    return chunk == null
        ? data
        : new MapEntry.Data(data.offset(), data.length(), chunk, data.within());
  }

  /** A new pack. */
  synchronized PackReference pack(PackName name) {
    PackReference pack = to.get(name);
    if (pack == null) {
      throw new IllegalStateException(name + " is not in the store");
    }
    return pack;
  }

  /** The new packs. */
  synchronized Collection<PackReference> packs() {
    return to.values().stream().toList();
  }

  Collection<ChunkLocation> chunks() {
    return now.values();
  }
}
