package io.blockmover.testkit;

import io.blockmover.api.source.BlockSource;
import org.junit.jupiter.api.Nested;

class MemoryBlockSourceTest {

  @Nested
  class OfBytes extends BlockSourceConformance {
    @Override
    protected BlockSource createSource(byte[] bytes) {
      return new MemoryBlockSource(bytes);
    }
  }

  @Nested
  class AlignedAndSparse extends BlockSourceConformance {
    @Override
    protected BlockSource createSource(byte[] bytes) {
      return new MemoryBlockSource(bytes).aligned(4096).allocatedIn(Extents.nonZero(bytes));
    }

    @Override
    protected int sizeGranularityBytes() {
      return 512;
    }
  }

  @Nested
  class BehindFaultsThatDoNotStrike extends BlockSourceConformance {
    @Override
    protected BlockSource createSource(byte[] bytes) {
      return new FaultyBlockSource(new MemoryBlockSource(bytes));
    }
  }
}
