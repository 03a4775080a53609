package io.blockmover.repository.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.blockmover.api.CorruptData;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class PackTrailerTest {

  private static final int HEADER_AND_TAG = 40 + 16;

  private static PackTrailer read(int tableOffset, int rows, long packBytes) throws CorruptData {
    ByteBuffer bytes = ByteBuffer.allocate(PackTrailer.BYTES);
    new PackTrailer(tableOffset, rows).write(bytes);
    return PackTrailer.read(bytes.flip(), packBytes, "m/pack");
  }

  private static void assertRefused(int tableOffset, int rows, long packBytes) {
    assertThatExceptionOfType(CorruptData.class)
        .isThrownBy(() -> read(tableOffset, rows, packBytes));
  }

  @Test
  void aTableAsLongAsItsRowsIsAccepted() throws Exception {
    int packBytes = 10_000 + HEADER_AND_TAG + 3 * 48 + PackTrailer.BYTES;
    assertThat(read(10_000, 3, packBytes).plainBytes()).isEqualTo(3 * 48);
    assertRefused(10_000, 2, packBytes);
  }

  @Test
  void rowsWhoseLengthOverflowsAreRefused() {
    assertRefused(10_000, 1 << 28, 10_000 + HEADER_AND_TAG + PackTrailer.BYTES);
    assertRefused(10_000, (1 << 28) + 3, 10_000 + HEADER_AND_TAG + 3 * 48 + PackTrailer.BYTES);
  }

  @Test
  void moreRowsThanThePackHasRoomForAreRefused() {
    assertRefused(1_000, 1_000, 2_000);
  }

  @Test
  void packsAboveOneGibibyteAndTablesThatFillThemAreRefused() {
    assertRefused((1 << 30) - HEADER_AND_TAG, 0, (1L << 30) + PackTrailer.BYTES);
    assertRefused(0, 1 << 24, 1L << 30);
  }
}
