package io.blockmover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.blockmover.api.Cancelled;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ExtentCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BlockSource} must do; extend it and say how to make a source of given content.
 * A known deviation is an override with a reason.
 */
public abstract class BlockSourceConformance {

  private static final int READERS = 4;

  private byte[] content = new byte[0];
  private @Nullable BlockSource source;

  /** Opens a source that holds these bytes and nothing else. */
  protected abstract BlockSource createSource(byte[] bytes) throws Exception;

  /**
   * Of what the volume's size must be a multiple, for block devices; 1 lets the kit end the volume
   * in the middle of a block.
   */
  protected int sizeGranularityBytes() {
    return 1;
  }

  @BeforeEach
  final void openSource() throws Exception {
    Random random = TestSeed.random(getClass().getSimpleName());
    int granularity = sizeGranularityBytes();
    content = new byte[(3 * 1024 * 1024 + 777) / granularity * granularity];
    random.nextBytes(content);
    // Zeros at the start, in the middle and at the end, beside places that a hole would end at.
    Arrays.fill(content, 0, 130_000, (byte) 0);
    Arrays.fill(content, 1_000_000, 1_900_001, (byte) 0);
    Arrays.fill(content, content.length - 70_000, content.length - 1, (byte) 0);
    source = createSource(content.clone());
  }

  @AfterEach
  final void closeSource() {
    if (source != null) {
      source.close();
    }
  }

  /** The source under test. */
  protected final BlockSource source() {
    if (source == null) {
      throw new IllegalStateException("the source is opened before each test");
    }
    return source;
  }

  @Test
  protected void theSizeIsThatOfTheVolume() throws Exception {
    assertThat(source().sizeBytes()).isEqualTo(content.length);
    assertReads(0, 4096);
    assertThat(source().sizeBytes()).isEqualTo(content.length);
  }

  @Test
  protected void theAlignmentIsAPowerOfTwo() {
    int alignment = source().alignmentBytes();
    assertThat(alignment).isPositive();
    assertThat(Integer.bitCount(alignment)).isEqualTo(1);
  }

  @Test
  protected void everyByteIsReadInOrder() throws Exception {
    for (int step : new int[] {4096, 64 << 10, 1 << 20}) {
      for (long offset = 0; offset < content.length; offset += step) {
        assertReads(offset, step);
      }
    }
  }

  @Test
  protected void anyOffsetIsReadInAnyOrder() throws Exception {
    Random random = TestSeed.random("anyOffsetIsReadInAnyOrder");
    for (int i = 0; i < 200; i++) {
      assertReadsSomewhere(random);
    }
  }

  @Test
  protected void theEndIsShortAndAfterItIsNothing() throws Exception {
    int alignment = source().alignmentBytes();
    long last = (content.length - 1L) / alignment * alignment;
    assertReads(last, alignment * 4);
    if (content.length % alignment == 0) {
      assertThat(source().read(content.length, buffer(alignment))).isZero();
    }
  }

  @Test
  protected void onlyTheRoomOfTheBufferIsFilled() throws Exception {
    int alignment = source().alignmentBytes();
    ByteBuffer whole = buffer(alignment * 4);
    for (int i = 0; i < whole.limit(); i++) {
      whole.put(i, (byte) 0x5A);
    }
    whole.position(alignment).limit(alignment * 3);
    assertThat(source().read(0, whole)).isEqualTo(alignment * 2);
    assertThat(whole.position()).isEqualTo(alignment * 3);
    assertThat(whole.get(alignment - 1)).isEqualTo((byte) 0x5A);
    whole.limit(alignment * 4);
    assertThat(whole.get(alignment * 3)).isEqualTo((byte) 0x5A);
  }

  @Test
  protected void manyThreadsReadAtOnce() throws Exception {
    Random random = TestSeed.random("manyThreadsReadAtOnce");
    List<Callable<Integer>> readers = new ArrayList<>();
    for (int reader = 0; reader < READERS; reader++) {
      Random own = new Random(random.nextLong());
      readers.add(
          () -> {
            for (int i = 0; i < 100; i++) {
              assertReadsSomewhere(own);
            }
            return 0;
          });
    }
    assertThat(ConcurrentRun.all(readers)).hasSize(READERS);
  }

  @Test
  protected void whatIsNotAllocatedIsZero() throws Exception {
    Extent all = new Extent(0, content.length);
    assumeTrue(
        source().allocated(all).isPresent(),
        "does not apply: the source does not know what is allocated");
    assertCoversNonZero(all);
    Random random = TestSeed.random("whatIsNotAllocatedIsZero");
    for (int i = 0; i < 20; i++) {
      long start = random.nextInt(content.length);
      assertCoversNonZero(new Extent(start, 1 + random.nextInt((int) (content.length - start))));
    }
  }

  @Test
  protected void anInterruptedReadIsCancelledAndHarmsNoOther() throws Exception {
    try {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> source().read(0, buffer(source().alignmentBytes())))
          .isInstanceOf(Cancelled.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertReads(0, 4096);
  }

  @Test
  protected void aVolumeLeftAloneStaysValid() throws Exception {
    assertReads(0, 4096);
    source().requireStillValid();
  }

  @Test
  protected void aClosedSourceFailsAndClosesAgain() {
    source().close();
    source().close();
    assertThatThrownBy(() -> source().read(0, buffer(source().alignmentBytes())))
        .isInstanceOf(DeviceFailed.class);
  }

  private void assertReadsSomewhere(Random random) throws Exception {
    int alignment = source().alignmentBytes();
    long offset = (long) random.nextInt(content.length / alignment) * alignment;
    assertReads(offset, alignment * (1 + random.nextInt(Math.max(1, 200_000 / alignment))));
  }

  private void assertReads(long offset, int length) throws Exception {
    ByteBuffer into = buffer(length);
    int expected = (int) Math.min(length, content.length - offset);
    assertThat(source().read(offset, into)).as("bytes read at %d", offset).isEqualTo(expected);
    assertThat(into.position()).isEqualTo(expected);
    assertThat(into.flip().mismatch(ByteBuffer.wrap(content, (int) offset, expected)))
        .as("where %d bytes at %d differ", expected, offset)
        .isEqualTo(-1);
  }

  private ByteBuffer buffer(int length) {
    int alignment = Math.max(source().alignmentBytes(), 1);
    int rounded = (length + alignment - 1) / alignment * alignment;
    return ByteBuffer.allocateDirect(rounded + alignment).alignedSlice(alignment).limit(rounded);
  }

  private void assertCoversNonZero(Extent within) throws Exception {
    Optional<ExtentCursor> cursor = source().allocated(within);
    List<Extent> reported = Extents.drain(cursor.orElseThrow());
    ExtentChecks.assertAscendingWithin(reported, within);
    List<Extent> needed = Extents.clip(Extents.nonZero(content), within);
    ExtentChecks.assertCovers(reported, needed);
  }
}
