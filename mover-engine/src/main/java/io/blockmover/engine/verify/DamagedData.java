package io.blockmover.engine.verify;

import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;

/** Data packs and chunks that are broken, whichever backups need them. Thread-safe. */
final class DamagedData {

  /**
   * What is wrong with a pack.
   *
   * @param keptBytes of it that may still be good, from the start
   */
  record PackDamage(String problem, long keptBytes) {}

  private record Place(PackName pack, int offset) {}

  private final ConcurrentMap<PackName, PackDamage> packs = new ConcurrentHashMap<>();
  private final ConcurrentMap<Place, String> chunks = new ConcurrentHashMap<>();

  void pack(PackName pack, String problem, long keptBytes) {
    packs.putIfAbsent(pack, new PackDamage(problem, keptBytes));
  }

  void chunk(ChunkLocation chunk, String problem) {
    chunks.putIfAbsent(new Place(chunk.pack(), chunk.offset()), problem);
  }

  boolean isEmpty() {
    return packs.isEmpty() && chunks.isEmpty();
  }

  Optional<PackDamage> of(PackName pack) {
    return Optional.ofNullable(packs.get(pack));
  }

  /** Calls for each chunk that is damaged. */
  void forEachChunk(BiConsumer<PackName, String> action) {
    chunks.forEach((place, problem) -> action.accept(place.pack(), problem));
  }

  /** Why a chunk cannot be restored; empty if nothing is known against it. */
  Optional<String> problem(ChunkLocation chunk) {
    PackDamage damage = packs.get(chunk.pack());
    if (damage != null && chunk.endOffset() > damage.keptBytes()) {
      return Optional.of(damage.problem());
    }
    return Optional.ofNullable(chunks.get(new Place(chunk.pack(), chunk.offset())));
  }
}
