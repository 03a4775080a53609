package io.blockmover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.Extent;
import io.blockmover.api.source.BlockTarget;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BlockTarget} must do; extend it and say how to make a target of a given size. A
 * known deviation is an override with a reason.
 */
public abstract class BlockTargetConformance {

  private static final int WRITERS = 4;

  private int size;
  private @Nullable BlockTarget target;

  /** Opens a target of so many bytes; what it holds does not matter. */
  protected abstract BlockTarget createTarget(int sizeBytes) throws Exception;

  /** Of what the size must be a multiple, for block devices. */
  protected int sizeGranularityBytes() {
    return 1;
  }

  @BeforeEach
  final void openTarget() throws Exception {
    size = (2 * 1024 * 1024 + 777) / sizeGranularityBytes() * sizeGranularityBytes();
    target = createTarget(size);
  }

  @AfterEach
  final void closeTarget() {
    if (target != null) {
      target.close();
    }
  }

  /** The target under test. */
  protected final BlockTarget target() {
    if (target == null) {
      throw new IllegalStateException("the target is opened before each test");
    }
    return target;
  }

  @Test
  protected void theSizeIsThatOfTheVolume() {
    assertThat(target().sizeBytes()).isEqualTo(size);
    assertThat(Integer.bitCount(target().alignmentBytes())).isEqualTo(1);
  }

  @Test
  protected void aTargetThatStartsAsZerosReadsAsZeros() throws Exception {
    if (target().startsAsZeros()) {
      assertHolds(new byte[size]);
    }
  }

  @Test
  protected void whatIsWrittenAnywhereIsReadBack() throws Exception {
    Random random = TestSeed.random("whatIsWrittenAnywhereIsReadBack");
    byte[] expected = filled(0x11);
    for (int i = 0; i < 60; i++) {
      int offset = random.nextInt(size);
      byte[] bytes = new byte[1 + random.nextInt(Math.min(size - offset, 100_000))];
      random.nextBytes(bytes);
      if (i % 2 == 0) {
        int alignment = target().alignmentBytes();
        offset = offset / alignment * alignment;
      }
      write(offset, bytes);
      System.arraycopy(bytes, 0, expected, offset, bytes.length);
    }
    target().flush();
    assertHolds(expected);
  }

  @Test
  protected void zeroingZeroesThatAndNothingElse() throws Exception {
    Random random = TestSeed.random("zeroingZeroesThatAndNothingElse");
    byte[] expected = filled(0x22);
    for (int i = 0; i < 30; i++) {
      int offset = random.nextInt(size);
      int length = 1 + random.nextInt(Math.min(size - offset, 300_000));
      if (i % 2 == 0) {
        offset = offset / 4096 * 4096;
        length = Math.max(1, length / 4096 * 4096);
      }
      target().zero(new Extent(offset, length));
      Arrays.fill(expected, offset, offset + length, (byte) 0);
      assertHolds(expected);
      if (i % 5 == 4) {
        expected = filled(0x22 + i);
      }
    }
  }

  @Test
  protected void theWholeVolumeCanBeZeroed() throws Exception {
    filled(0x33);
    target().zero(new Extent(0, size));
    target().flush();
    assertHolds(new byte[size]);
  }

  @Test
  protected void writesPastTheEndAreRefusedAndTheSizeStays() throws Exception {
    byte[] expected = filled(0x44);
    assertThatThrownBy(() -> write(size - 10, new byte[11])).isInstanceOf(Exception.class);
    assertThatThrownBy(() -> write(size, new byte[1])).isInstanceOf(Exception.class);
    assertThatThrownBy(() -> target().zero(new Extent(size - 10, 11)))
        .isInstanceOf(Exception.class);
    assertThat(target().sizeBytes()).isEqualTo(size);
    assertHolds(expected);
  }

  @Test
  protected void manyThreadsWriteBesideEachOther() throws Exception {
    Random random = TestSeed.random("manyThreadsWriteBesideEachOther");
    byte[] expected = new byte[size];
    random.nextBytes(expected);
    List<Callable<Integer>> writers = new ArrayList<>();
    int share = 10_007;
    for (int writer = 0; writer < WRITERS; writer++) {
      int first = writer * share;
      writers.add(
          () -> {
            for (int offset = first; offset < size; offset += WRITERS * share) {
              write(offset, Arrays.copyOfRange(expected, offset, Math.min(size, offset + share)));
            }
            return 0;
          });
    }
    assertThat(ConcurrentRun.all(writers)).hasSize(WRITERS);
    target().flush();
    assertHolds(expected);
  }

  @Test
  protected void readingStopsAtTheEnd() throws Exception {
    byte[] expected = filled(0x55);
    int alignment = target().alignmentBytes();
    int last = (size - 1) / alignment * alignment;
    ByteBuffer into = buffer(alignment * 2);
    assertThat(target().read(last, into)).isEqualTo(size - last);
    assertThat(into.get(0)).isEqualTo(expected[last]);
  }

  @Test
  protected void aClosedTargetFailsAndClosesAgain() {
    target().close();
    target().close();
    assertThatThrownBy(() -> write(0, new byte[1])).isInstanceOf(Exception.class);
  }

  private byte[] filled(int value) throws Exception {
    byte[] content = new byte[size];
    Arrays.fill(content, (byte) value);
    write(0, content);
    return content;
  }

  private void write(int offset, byte[] bytes) throws Exception {
    ByteBuffer from = buffer(bytes.length).limit(bytes.length).put(bytes).flip();
    target().write(offset, from);
    assertThat(from.position()).isEqualTo(from.limit());
  }

  private void assertHolds(byte[] expected) throws Exception {
    ByteBuffer into = buffer(size);
    assertThat(target().read(0, into)).isEqualTo(size);
    assertThat(into.flip().mismatch(ByteBuffer.wrap(expected)))
        .as("where it differs")
        .isEqualTo(-1);
  }

  private ByteBuffer buffer(int length) {
    int alignment = target().alignmentBytes();
    int rounded = (length + alignment - 1) / alignment * alignment;
    return ByteBuffer.allocateDirect(rounded + alignment).alignedSlice(alignment).limit(rounded);
  }
}
