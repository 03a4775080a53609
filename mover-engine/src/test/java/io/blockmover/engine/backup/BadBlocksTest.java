package io.blockmover.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.testkit.TestSeed;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BadBlocksTest {

  @Test
  void neighboursBecomeOneExtent() {
    BadBlocks blocks = new BadBlocks();
    List<Extent> appended = new ArrayList<>();
    for (long offset : new long[] {0, 4096, 8192, 20480, 24576}) {
      blocks.add(Extent.between(offset, offset + 4096));
      BadBlocks.append(appended, Extent.between(offset, offset + 4096));
    }
    assertThat(blocks.list())
        .isEqualTo(appended)
        .containsExactly(Extent.between(0, 12288), Extent.between(20480, 28672));
  }

  @Test
  void whatIsAddedAndRemovedInAnyOrderIsWhatASetOfBytesHolds() {
    Random random = TestSeed.random("bad-blocks");
    BadBlocks blocks = new BadBlocks();
    BitSet expected = new BitSet();
    for (int i = 0; i < 2000; i++) {
      int from = random.nextInt(1000);
      int to = from + 1 + random.nextInt(60);
      if (random.nextBoolean()) {
        blocks.add(Extent.between(from, to));
        expected.set(from, to);
      } else {
        blocks.remove(Extent.between(from, to));
        expected.clear(from, to);
      }
      BitSet found = new BitSet();
      long end = -1;
      for (Extent extent : blocks.list()) {
        assertThat(extent.offset()).as("ascending, and joined where they touch").isGreaterThan(end);
        end = extent.end();
        found.set((int) extent.offset(), (int) extent.end());
      }
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void aDeviceThatFailsEverywhereMakesNoEndlessList() {
    BadBlocks blocks = new BadBlocks();
    long step = 3 * 4096;
    for (long i = 0; i < 100_000; i++) {
      blocks.add(new Extent(i * step, 4096));
    }
    assertThat(blocks.list()).hasSizeLessThanOrEqualTo(BadBlocks.MAX_PLACES);
    List<Extent> all = blocks.list();
    assertThat(all.getFirst().offset()).isZero();
    for (long i : new long[] {0, 50_001, 99_999}) {
      long block = i * step;
      assertThat(all).as("%d", i).anyMatch(extent -> extent.overlaps(new Extent(block, 4096)));
    }
  }
}
