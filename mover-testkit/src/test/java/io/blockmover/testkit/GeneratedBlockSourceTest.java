package io.blockmover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.ExtentCursor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class GeneratedBlockSourceTest {

  private static final int PIECE = GeneratedBlockSource.PIECE_BYTES;
  private static final long TIB = 1L << 40;

  @Test
  void theSameSeedGivesTheSameBytesHoweverTheyAreRead() throws Exception {
    VolumeShape shape = VolumeShape.mixed(0.7);
    byte[] whole = read(new GeneratedBlockSource(8 << 20, 5, shape), 0, 8 << 20);
    GeneratedBlockSource again = new GeneratedBlockSource(8 << 20, 5, shape);
    for (int[] part : new int[][] {{0, 1}, {4095, 2}, {70_001, 200_003}, {(8 << 20) - 5, 5}}) {
      assertThat(read(again, part[0], part[1]))
          .isEqualTo(Arrays.copyOfRange(whole, part[0], part[0] + part[1]));
    }
    assertThat(read(new GeneratedBlockSource(8 << 20, 6, shape), 0, 8 << 20)).isNotEqualTo(whole);
  }

  @Test
  void whatIsNotAllocatedIsZero() throws Exception {
    GeneratedBlockSource source = new GeneratedBlockSource(16 << 20, 7, VolumeShape.sparse(0.5));
    byte[] whole = read(source, 0, 16 << 20);
    Extent all = new Extent(0, 16 << 20);
    List<Extent> allocated = Extents.drain(source.allocated(all).orElseThrow());
    ExtentChecks.assertAscendingWithin(allocated, all);
    ExtentChecks.assertCovers(allocated, Extents.nonZero(whole));
    assertThat(ExtentChecks.totalBytes(allocated)).isLessThan(14 << 20);
  }

  @Test
  void piecesAreUniqueUnlessToldOtherwise() throws Exception {
    assertThat(distinctPieces(VolumeShape.random())).isEqualTo(256);
    assertThat(distinctPieces(new VolumeShape(1, 0, 1, 0))).isLessThanOrEqualTo(64);
    assertThat(distinctPieces(new VolumeShape(1, 1, 0, 0))).isEqualTo(1);
  }

  @Test
  void aShareOfEachPieceCompresses() throws Exception {
    assertThat(compressedShare(VolumeShape.random())).isGreaterThan(0.99);
    assertThat(compressedShare(new VolumeShape(1, 0, 0, 0.5))).isCloseTo(0.5, within(0.05));
  }

  @Test
  void aChangedVolumeDiffersInWhatItSaysChanged() throws Exception {
    GeneratedBlockSource before = new GeneratedBlockSource(32 << 20, 9, VolumeShape.sparse(0.8));
    GeneratedBlockSource after = before.changed(1, 0.05);
    List<Extent> changes = Extents.drain(after.changes());
    List<Extent> differing = Extents.differing(read(before, 0, 32 << 20), read(after, 0, 32 << 20));
    ExtentChecks.assertCovers(changes, differing);
    assertThat(ExtentChecks.totalBytes(changes) / (double) (32 << 20))
        .isCloseTo(0.04, within(0.02));
    assertThat(after.immutableIdentity()).isNotEqualTo(before.immutableIdentity());
  }

  @Test
  void sixtyFourTebibytesCostNothingUntilTheyAreRead() throws Exception {
    GeneratedBlockSource source = new GeneratedBlockSource(64 * TIB, 3, VolumeShape.sparse(0.01));
    try (ExtentCursor cursor = source.allocated(new Extent(63 * TIB, TIB)).orElseThrow()) {
      Extent first = cursor.next();
      assertThat(first).isNotNull();
      assertThat(first.offset()).isGreaterThanOrEqualTo(63 * TIB);
      assertThat(Extents.nonZero(read(source, first.offset(), PIECE))).isNotEmpty();
    }
    assertThat(source.read(64 * TIB, ByteBuffer.allocate(1))).isZero();
  }

  private static int distinctPieces(VolumeShape shape) throws Exception {
    GeneratedBlockSource source = new GeneratedBlockSource(16 << 20, 1, shape);
    Set<ByteBuffer> pieces = new HashSet<>();
    for (int offset = 0; offset < 16 << 20; offset += PIECE) {
      pieces.add(ByteBuffer.wrap(read(source, offset, PIECE)));
    }
    return pieces.size();
  }

  private static double compressedShare(VolumeShape shape) throws Exception {
    byte[] bytes = read(new GeneratedBlockSource(1 << 20, 1, shape), 0, 1 << 20);
    try (Deflater deflater = new Deflater()) {
      deflater.setInput(bytes);
      deflater.finish();
      return deflater.deflate(new byte[2 << 20]) / (double) bytes.length;
    }
  }

  private static byte[] read(GeneratedBlockSource source, long offset, int length)
      throws Exception {
    ByteBuffer into = ByteBuffer.allocate(length);
    assertThat(source.read(offset, into)).isEqualTo(length);
    return into.array();
  }
}
