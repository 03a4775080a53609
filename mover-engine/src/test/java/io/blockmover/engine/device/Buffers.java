package io.blockmover.engine.device;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.Random;

/** Buffers and bytes for tests. */
final class Buffers {
  private Buffers() {}

  static ByteBuffer aligned(int bytes) {
    return Arena.ofAuto().allocate(Math.max(1, bytes), 4096).asByteBuffer().limit(bytes);
  }

  static ByteBuffer aligned(byte[] bytes) {
    return aligned(bytes.length).put(bytes).flip();
  }

  static byte[] random(long seed, int bytes) {
    byte[] data = new byte[bytes];
    new Random(seed).nextBytes(data);
    return data;
  }

  static byte[] content(ByteBuffer filled) {
    byte[] bytes = new byte[filled.position()];
    filled.get(0, bytes);
    return bytes;
  }
}
