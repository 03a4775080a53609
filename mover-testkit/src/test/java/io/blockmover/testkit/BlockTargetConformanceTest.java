package io.blockmover.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.source.ForwardingBlockTarget;
import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kit catches targets that are wrong. */
class BlockTargetConformanceTest {

  private static UnaryOperator<BlockTarget> defect = UnaryOperator.identity();

  @ParameterizedTest
  @EnumSource(Defect.class)
  void aWrongTargetIsCaught(Defect wrong) {
    defect = wrong.target;
    assertThat(KitRun.of(Kit.class).failed()).contains(wrong.caughtBy);
  }

  static final class Kit extends BlockTargetConformance {
    @Override
    protected BlockTarget createTarget(int sizeBytes) {
      return defect.apply(new MemoryBlockTarget(sizeBytes));
    }
  }

  enum Defect {
    LIES_ABOUT_ZEROS(LiesAboutZeros::new, "aTargetThatStartsAsZerosReadsAsZeros"),
    DROPS_SMALL_WRITES(DropsSmall::new, "whatIsWrittenAnywhereIsReadBack"),
    ROUNDS_OFFSETS_DOWN(RoundsOffsets::new, "whatIsWrittenAnywhereIsReadBack"),
    ZEROES_WHOLE_BLOCKS(ZeroesTooMuch::new, "zeroingZeroesThatAndNothingElse"),
    ZEROES_ONLY_WHOLE_BLOCKS(ZeroesTooLittle::new, "zeroingZeroesThatAndNothingElse"),
    CUTS_WRITES_AT_THE_END(CutsWrites::new, "writesPastTheEndAreRefusedAndTheSizeStays");

    private final UnaryOperator<BlockTarget> target;
    private final String caughtBy;

    Defect(UnaryOperator<BlockTarget> target, String caughtBy) {
      this.target = target;
      this.caughtBy = caughtBy;
    }
  }

  private static final class LiesAboutZeros extends ForwardingBlockTarget {
    LiesAboutZeros(BlockTarget next) {
      super(new MemoryBlockTarget(filled((int) next.sizeBytes()), true));
    }

    private static byte[] filled(int size) {
      byte[] content = new byte[size];
      content[size - 1] = 1;
      return content;
    }
  }

  private static final class DropsSmall extends ForwardingBlockTarget {
    DropsSmall(BlockTarget next) {
      super(next);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws MoverException {
      if (offset % 2 == 1) {
        from.position(from.limit());
      } else {
        next().write(offset, from);
      }
    }
  }

  private static final class RoundsOffsets extends ForwardingBlockTarget {
    RoundsOffsets(BlockTarget next) {
      super(next);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws MoverException {
      next().write(offset / 512 * 512, from);
    }
  }

  private static final class ZeroesTooMuch extends ForwardingBlockTarget {
    ZeroesTooMuch(BlockTarget next) {
      super(next);
    }

    @Override
    public void zero(Extent extent) throws MoverException {
      long start = extent.offset() / 4096 * 4096;
      next().zero(Extent.between(start, extent.end()));
    }
  }

  private static final class ZeroesTooLittle extends ForwardingBlockTarget {
    ZeroesTooLittle(BlockTarget next) {
      super(next);
    }

    @Override
    public void zero(Extent extent) throws MoverException {
      long length = extent.length() / 4096 * 4096;
      if (length > 0) {
        next().zero(new Extent(extent.offset(), length));
      }
    }
  }

  private static final class CutsWrites extends ForwardingBlockTarget {
    CutsWrites(BlockTarget next) {
      super(next);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws MoverException {
      int limit = from.limit();
      from.limit(from.position() + (int) Math.min(from.remaining(), sizeBytes() - offset));
      next().write(offset, from);
      from.limit(limit).position(limit);
    }
  }
}
