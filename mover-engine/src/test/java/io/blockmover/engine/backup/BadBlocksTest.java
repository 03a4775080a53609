package io.blockmover.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BadBlocksTest {

  @Test
  void neighboursBecomeOneExtent() {
    List<Extent> blocks = new ArrayList<>();
    for (long offset : new long[] {0, 4096, 8192, 20480, 24576}) {
      BadBlocks.add(blocks, Extent.between(offset, offset + 4096));
    }
    assertThat(blocks).containsExactly(Extent.between(0, 12288), Extent.between(20480, 28672));
  }
}
