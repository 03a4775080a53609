package io.blockmover.repository.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectWriterTest {

  private static final int LARGE = (9 << 20) + 1234;

  @TempDir Path root;

  private final byte[] content = new byte[LARGE];
  private final DirectWriter writer = new DirectWriter();

  DirectWriterTest() {
    new Random(1).nextBytes(content);
  }

  @Test
  void wholeBlocksAreWrittenFromAnyBuffer() throws Exception {
    ByteBuffer aligned = ByteBuffer.allocateDirect(LARGE + 16384).alignedSlice(4096);
    aligned.put(content).flip();
    ByteBuffer unaligned = ByteBuffer.allocateDirect(LARGE + 16384).alignedSlice(4096).position(1);
    unaligned.put(content).flip().position(1);
    ByteBuffer heap = ByteBuffer.wrap(content);
    int i = 0;
    for (ByteBuffer body : new ByteBuffer[] {aligned, unaligned, heap, heap.asReadOnlyBuffer()}) {
      Path file = root.resolve("f" + i++);
      int position = body.position();
      int written = writer.writeBlocks(file, body);
      assertThat(body.position()).isEqualTo(position);
      assertThat(body.remaining()).isEqualTo(LARGE);
      // A file system without direct writes leaves all of it to the ordinary way.
      if (written > 0) {
        assertThat(LARGE - written).isBetween(0, 65_535);
        assertThat(Files.readAllBytes(file)).isEqualTo(Arrays.copyOf(content, written));
      }
    }
  }

  @Test
  void smallBodiesAreLeftToTheOrdinaryWay() throws Exception {
    assertThat(writer.writeBlocks(root.resolve("f"), ByteBuffer.allocateDirect(1000))).isZero();
  }
}
