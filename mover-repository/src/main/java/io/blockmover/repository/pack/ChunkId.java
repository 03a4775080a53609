package io.blockmover.repository.pack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The keyed hash of a chunk's content, as four big-endian words.
 *
 * @param a first word; with {@code b} it is the half that maps and indexes keep
 */
public record ChunkId(long a, long b, long c, long d) {

  /** From 32 bytes. */
  public static ChunkId of(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN);
    return new ChunkId(in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  byte[] toBytes() {
    return ByteBuffer.allocate(32).putLong(a).putLong(b).putLong(c).putLong(d).array();
  }
}
