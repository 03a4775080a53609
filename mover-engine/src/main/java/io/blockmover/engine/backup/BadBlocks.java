package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import java.util.List;

/** Lists of what could not be read: a dead device is one extent, not millions of blocks. */
final class BadBlocks {

  private BadBlocks() {}

  /** Adds an extent, to the last one if it begins where that ends. */
  static void add(List<Extent> blocks, Extent block) {
    if (!blocks.isEmpty() && blocks.getLast().end() == block.offset()) {
      blocks.set(blocks.size() - 1, Extent.between(blocks.getLast().offset(), block.end()));
    } else {
      blocks.add(block);
    }
  }
}
