package io.blockmover.testkit;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * The bytes of a generated volume's pieces. Each is a window into a pool of random bytes, chosen by
 * a hash, with a stamp in every 4 KiB that makes it unlike every other piece; the stamp is an even
 * mix of bits as its surroundings are.
 */
final class PieceContent {

  private static final int PIECE_BYTES = GeneratedBlockSource.PIECE_BYTES;
  private static final int POOL_BYTES = 16 << 20;
  private static final int STAMP_EVERY = 4096;
  private static final int DISTINCT_DUPLICATES = 64;
  private static final byte[] ZEROS = new byte[PIECE_BYTES];
  private static final byte[] TEXT = text();

  private final long seed;
  private final VolumeShape shape;
  private final byte[] pool = new byte[POOL_BYTES + PIECE_BYTES];

  PieceContent(long seed, VolumeShape shape) {
    this.seed = seed;
    this.shape = shape;
    new SplittableRandom(seed).nextBytes(pool);
  }

  long seed() {
    return seed;
  }

  /** A number from 0 to 1 that seed, place and purpose decide. */
  double chance(long place, long purpose) {
    return (mix(mix(seed ^ purpose * 0x9E3779B97F4A7C15L) + place) >>> 11) * 0x1.0p-53;
  }

  /** Writes a part of a piece, in its content of some generation. */
  void write(long piece, long generation, int from, int length, ByteBuffer into) {
    double kind = chance(piece, mix(generation) | 2);
    if (kind < shape.zeroShare()) {
      writeZeros(length, into);
      return;
    }
    boolean duplicate = kind < shape.zeroShare() + shape.duplicateShare();
    long number = mix(mix(seed + generation) ^ piece);
    long identity = duplicate ? Math.floorMod(number, DISTINCT_DUPLICATES) : number;
    writeStamped(mix(identity), from, length, into);
  }

  static void writeZeros(int length, ByteBuffer into) {
    into.put(ZEROS, 0, length);
  }

  private void writeStamped(long identity, int from, int length, ByteBuffer into) {
    int start = into.position();
    int textFrom = PIECE_BYTES - (int) (PIECE_BYTES * shape.compressibleShare());
    int window = (int) Math.floorMod(identity, (long) POOL_BYTES);
    int random = Math.clamp((long) textFrom - from, 0, length);
    into.put(pool, window + from, random);
    into.put(TEXT, from + random, length - random);
    for (int block = from / STAMP_EVERY * STAMP_EVERY;
        block < from + length;
        block += STAMP_EVERY) {
      stamp(mix(identity + block), block - from, start, length, into);
    }
  }

  private static void stamp(long stamp, int at, int start, int length, ByteBuffer into) {
    for (int i = Math.max(0, -at); i < Long.BYTES && at + i < length; i++) {
      into.put(start + at + i, (byte) (stamp >>> (8 * i)));
    }
  }

  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static byte[] text() {
    byte[] text = new byte[PIECE_BYTES];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) ('a' + i * i % 23 % 26);
    }
    return text;
  }
}
