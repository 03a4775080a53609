package io.blockmover.engine.fetch;

import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A chunk to be read once, and all places it is read for. */
public final class WantedChunk {

  private final ChunkLocation location;
  private final List<ChunkUse> uses = new ArrayList<>(1);

  public WantedChunk(ChunkLocation location, ChunkUse use) {
    this.location = location;
    uses.add(use);
  }

  /** The same content for the same places, stored elsewhere. */
  WantedChunk at(ChunkLocation elsewhere) {
    WantedChunk moved = new WantedChunk(elsewhere, uses.getFirst());
    moved.uses.addAll(uses.subList(1, uses.size()));
    return moved;
  }

  void addUsesOf(WantedChunk other) {
    uses.addAll(other.uses);
  }

  public ChunkLocation location() {
    return location;
  }

  /** At least one. */
  public List<ChunkUse> uses() {
    return Collections.unmodifiableList(uses);
  }

  /** Whether it is read for one place that takes all of it. */
  public boolean isWhole() {
    ChunkUse first = uses.getFirst();
    return uses.size() == 1 && first.within() == 0 && first.length() == location.plainLength();
  }

  /** The sum of the lengths of its uses. */
  public long usedBytes() {
    long sum = 0;
    for (ChunkUse use : uses) {
      sum += use.length();
    }
    return sum;
  }

  /** The object that holds it. */
  public String key() {
    return PackKind.DATA.keyOf(location.pack());
  }
}
