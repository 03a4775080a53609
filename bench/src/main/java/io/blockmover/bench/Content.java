package io.blockmover.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Chunks to work on: more than the caches hold, so that loops are as fast as on a real volume. */
final class Content {

  static final int CHUNK_BYTES = 512 * 1024;
  static final int CHUNKS = 128;

  private Content() {}

  static ByteBuffer[] zeros() {
    ByteBuffer[] chunks = new ByteBuffer[CHUNKS];
    for (int i = 0; i < CHUNKS; i++) {
      chunks[i] = ByteBuffer.allocateDirect(CHUNK_BYTES);
    }
    return chunks;
  }

  static ByteBuffer[] random(long seed) {
    Random random = new Random(seed);
    ByteBuffer[] chunks = zeros();
    byte[] bytes = new byte[CHUNK_BYTES];
    for (ByteBuffer chunk : chunks) {
      random.nextBytes(bytes);
      chunk.duplicate().put(bytes);
    }
    return chunks;
  }

  /** Lines like a log's; zstd makes less than half of them. */
  static ByteBuffer[] text(long seed) {
    Random random = new Random(seed);
    String[] words = new String[5000];
    for (int i = 0; i < words.length; i++) {
      words[i] = Long.toString(random.nextLong() >>> random.nextInt(40), 36);
    }
    ByteBuffer[] chunks = zeros();
    for (ByteBuffer chunk : chunks) {
      ByteBuffer out = chunk.duplicate();
      while (out.hasRemaining()) {
        byte[] line = line(random, words).getBytes(StandardCharsets.US_ASCII);
        out.put(line, 0, Math.min(line.length, out.remaining()));
      }
    }
    return chunks;
  }

  private static String line(Random random, String[] words) {
    StringBuilder line = new StringBuilder("2026-11-21 ").append(random.nextInt(1 << 30));
    for (int i = 0; i < 8; i++) {
      line.append(' ').append(words[random.nextInt(words.length)]);
    }
    return line.append('\n').toString();
  }
}
