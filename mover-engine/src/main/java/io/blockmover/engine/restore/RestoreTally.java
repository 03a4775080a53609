package io.blockmover.engine.restore;

import io.blockmover.repository.pack.PackName;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What a restore has done so far. Thread-safe, but for packs. */
final class RestoreTally {

  final LongAdder plannedFetchBytes = new LongAdder();
  final LongAdder plannedWriteBytes = new LongAdder();
  final LongAdder zeroed = new LongAdder();
  final LongAdder unchanged = new LongAdder();
  private int packs;
  private @Nullable PackName lastPack;

  /** Counts a pack, unless it is the one counted last. */
  void pack(PackName name) {
    if (!name.equals(lastPack)) {
      packs++;
    }
    lastPack = name;
  }

  int packs() {
    return packs;
  }
}
