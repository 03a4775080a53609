package io.blockmover.engine.fetch;

import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.map.MapEntry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds chunks again whose packs have gone since the map was read. Thread-safe. */
public final class MovedChunkFinder {

  /** Finds nothing. */
  static final MovedChunkFinder NONE = new MovedChunkFinder(null, Relocation.NONE);

  private final Relocation relocation;
  private @Nullable LayeredMap map;
  private boolean isMoved;

  MovedChunkFinder(@Nullable LayeredMap map, Relocation relocation) {
    this.map = map;
    this.relocation = relocation;
  }

  /** The chunk where it is now; empty if it is lost. */
  synchronized Optional<WantedChunk> find(WantedChunk chunk, ObjectNotFound missing)
      throws MoverException {
    LayeredMap known = map;
    if (known == null) {
      return Optional.empty();
    }
    if (isMoved) {
      try {
        Optional<WantedChunk> elsewhere = lookUp(known, chunk);
        if (elsewhere.isPresent()) {
          return elsewhere;
        }
      } catch (ObjectNotFound movedAgain) {
        // Then there is another map by now.
      }
    }
    Optional<LayeredMap> now = relocation.mapInsteadOf(known, missing);
    if (now.isEmpty()) {
      return Optional.empty();
    }
    map = now.get();
    isMoved = true;
    return lookUp(now.get(), chunk);
  }

  private static Optional<WantedChunk> lookUp(LayeredMap map, WantedChunk chunk)
      throws MoverException {
    ChunkUse use = chunk.uses().getFirst();
    MapEntry entry = map.cursor(use.offset()).next(use.offset() + use.length());
    return entry instanceof MapEntry.Data data
            && data.offset() == use.offset()
            && data.within() == use.within()
            && data.location().sameContent(chunk.location())
            && !data.location().equals(chunk.location())
        ? Optional.of(chunk.at(data.location()))
        : Optional.empty();
  }
}
