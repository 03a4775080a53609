package io.blockmover.repository.repack;

import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;

/** Where a record begins: no two of a pack begin at the same offset. */
record Place(PackName pack, int offset) {

  static Place of(ChunkLocation chunk) {
    return new Place(chunk.pack(), chunk.offset());
  }
}
