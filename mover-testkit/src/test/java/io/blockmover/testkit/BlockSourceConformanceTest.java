package io.blockmover.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.SourceReadFailed;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.source.ForwardingBlockSource;
import io.blockmover.api.tracking.ExtentCursor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kit catches sources that are wrong. */
class BlockSourceConformanceTest {

  private static UnaryOperator<BlockSource> defect = UnaryOperator.identity();

  @Test
  void aCorrectSourcePasses() {
    defect = UnaryOperator.identity();
    KitRun run = KitRun.of(Kit.class);
    assertThat(run.failed()).isEmpty();
    assertThat(run.succeeded()).isGreaterThanOrEqualTo(10);
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void aWrongSourceIsCaught(Defect wrong) {
    defect = wrong.source;
    assertThat(KitRun.of(Kit.class).failed()).contains(wrong.caughtBy);
  }

  static final class Kit extends BlockSourceConformance {
    @Override
    protected BlockSource createSource(byte[] bytes) {
      return defect.apply(new MemoryBlockSource(bytes).allocatedIn(Extents.nonZero(bytes)));
    }
  }

  enum Defect {
    ROUNDS_THE_SIZE_DOWN(RoundsSize::new, "theSizeIsThatOfTheVolume"),
    LOSES_THE_LAST_PARTIAL_BLOCK(LosesTail::new, "theEndIsShortAndAfterItIsNothing"),
    READS_SHORT(ReadsShort::new, "everyByteIsReadInOrder"),
    SHARES_A_POSITION(SharesPosition::new, "manyThreadsReadAtOnce"),
    OVERRUNS_THE_BUFFER(Overruns::new, "onlyTheRoomOfTheBufferIsFilled"),
    FORGETS_THE_LAST_EXTENT(ForgetsLast::new, "whatIsNotAllocatedIsZero"),
    IGNORES_THE_RANGE(IgnoresRange::new, "whatIsNotAllocatedIsZero"),
    ROUNDS_EXTENTS_DOWN(RoundsExtents::new, "whatIsNotAllocatedIsZero"),
    CLOSES_WHEN_INTERRUPTED(ClosesOnInterrupt::new, "anInterruptedReadIsCancelledAndHarmsNoOther"),
    TAKES_INTERRUPT_FOR_AN_ERROR(
        MisreadsInterrupt::new, "anInterruptedReadIsCancelledAndHarmsNoOther"),
    READS_AFTER_CLOSE(ReadsAfterClose::new, "aClosedSourceFailsAndClosesAgain");

    private final UnaryOperator<BlockSource> source;
    private final String caughtBy;

    Defect(UnaryOperator<BlockSource> source, String caughtBy) {
      this.source = source;
      this.caughtBy = caughtBy;
    }
  }

  private static final class RoundsSize extends ForwardingBlockSource {
    RoundsSize(BlockSource next) {
      super(next);
    }

    @Override
    public long sizeBytes() {
      return next().sizeBytes() / 512 * 512;
    }
  }

  private static final class LosesTail extends ForwardingBlockSource {
    LosesTail(BlockSource next) {
      super(next);
    }

    @Override
    public int read(long offset, ByteBuffer into) throws MoverException {
      long end = sizeBytes() / 512 * 512;
      int length = (int) Math.clamp(end - offset, 0L, (long) into.remaining());
      ByteBuffer part = into.slice(into.position(), length);
      int read = next().read(offset, part);
      into.position(into.position() + read);
      return read;
    }
  }

  private static final class ReadsShort extends ForwardingBlockSource {
    ReadsShort(BlockSource next) {
      super(next);
    }

    @Override
    public int read(long offset, ByteBuffer into) throws MoverException {
      int limit = into.limit();
      into.limit(Math.min(limit, into.position() + 100_000));
      int read = next().read(offset, into);
      into.limit(limit);
      return read;
    }
  }

  private static final class SharesPosition extends ForwardingBlockSource {
    private volatile long position;

    SharesPosition(BlockSource next) {
      super(next);
    }

    @Override
    public int read(long offset, ByteBuffer into) throws MoverException {
      position = offset;
      Thread.yield();
      return next().read(position, into);
    }
  }

  private static final class Overruns extends ForwardingBlockSource {
    Overruns(BlockSource next) {
      super(next);
    }

    @Override
    public int read(long offset, ByteBuffer into) throws MoverException {
      int read = next().read(offset, into);
      if (into.limit() < into.capacity()) {
        int limit = into.limit();
        into.limit(limit + 1).put(limit, (byte) 1).limit(limit);
      }
      return read;
    }
  }

  private static final class ForgetsLast extends ForwardingBlockSource {
    ForgetsLast(BlockSource next) {
      super(next);
    }

    @Override
    public Optional<ExtentCursor> allocated(Extent within) throws MoverException {
      List<Extent> all = Extents.drain(next().allocated(within).orElseThrow());
      return Optional.of(ExtentCursor.of(all.subList(0, Math.max(0, all.size() - 1))));
    }
  }

  private static final class IgnoresRange extends ForwardingBlockSource {
    IgnoresRange(BlockSource next) {
      super(next);
    }

    @Override
    public Optional<ExtentCursor> allocated(Extent within) throws MoverException {
      return next().allocated(new Extent(0, sizeBytes()));
    }
  }

  private static final class RoundsExtents extends ForwardingBlockSource {
    RoundsExtents(BlockSource next) {
      super(next);
    }

    @Override
    public Optional<ExtentCursor> allocated(Extent within) throws MoverException {
      return Optional.of(
          ExtentCursor.of(
              Extents.drain(next().allocated(within).orElseThrow()).stream()
                  .filter(extent -> extent.length() > 4096)
                  .map(extent -> new Extent(extent.offset(), extent.length() / 4096 * 4096))
                  .toList()));
    }
  }

  private static final class ClosesOnInterrupt extends ForwardingBlockSource {
    ClosesOnInterrupt(BlockSource next) {
      super(next);
    }

    @Override
    public int read(long offset, ByteBuffer into) throws MoverException {
      try {
        return next().read(offset, into);
      } finally {
        if (Thread.currentThread().isInterrupted()) {
          next().close();
        }
      }
    }
  }

  private static final class MisreadsInterrupt extends ForwardingBlockSource {
    MisreadsInterrupt(BlockSource next) {
      super(next);
    }

    @Override
    public int read(long offset, ByteBuffer into) throws MoverException {
      if (Thread.currentThread().isInterrupted()) {
        throw new SourceReadFailed(name(), new Extent(offset, 1), "interrupted", null);
      }
      return next().read(offset, into);
    }
  }

  private static final class ReadsAfterClose extends ForwardingBlockSource {
    ReadsAfterClose(BlockSource next) {
      super(next);
    }

    @Override
    public void close() {}
  }
}
