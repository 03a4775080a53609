package io.blockmover.repository.fingerprint;

import io.blockmover.repository.crypto.Hkdf;
import io.blockmover.repository.crypto.Hmac;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keyed 128-bit fingerprint of a piece of a volume: NH (UMAC) with a Toeplitz shift, then a
 * PRF. Several times faster than SHA-256, and with a proven bound: two different pieces collide
 * with probability at most 2<sup>-127</sup> (repository format, section 7). One instance belongs to
 * one thread.
 */
public final class PieceFingerprint {

  /** The longest piece, and the grid of pieces on a volume. */
  public static final int PIECE_BYTES = 64 * 1024;

  private static final int WORDS = PIECE_BYTES / Long.BYTES;
  private static final ValueLayout.OfLong LITTLE_ENDIAN_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final long[] key;
  private final Mac finish;
  private final ByteBuffer sums = ByteBuffer.allocate(36).order(ByteOrder.LITTLE_ENDIAN);

  /**
   * @param words from {@link #keyWords}, shared by all instances
   */
  public PieceFingerprint(byte[] fingerprintKey, long[] words) {
    this.key = words;
    this.finish = Hmac.sha256(fingerprintKey);
  }

  /** The long key of the hash, 64 KiB: make it once per process. */
  public static long[] keyWords(byte[] fingerprintKey) {
    byte[] seed = Hkdf.derive(fingerprintKey, new byte[0], "blockmover/1 fingerprint words");
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(seed, "AES"), new IvParameterSpec(new byte[16]));
      long[] words = new long[WORDS + 2];
      byte[] stream = cipher.doFinal(new byte[words.length * Long.BYTES]);
      ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
      return words;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no AES-CTR", e);
    }
  }

  /**
   * The fingerprint of {@code length} bytes.
   *
   * @param memory holds the piece from {@code offset} on
   * @param length from 1 to {@link #PIECE_BYTES}
   * @param out its first 16 bytes are written
   */
  public void compute(MemorySegment memory, long offset, int length, byte[] out) {
    int even = length & -16;
    long low0 = 0;
    long high0 = 0;
    long low1 = 0;
    long high1 = 0;
    long[] k = key;
    for (int i = 0; i < even; i += 16) {
      long a = memory.get(LITTLE_ENDIAN_LONG, offset + i);
      long b = memory.get(LITTLE_ENDIAN_LONG, offset + i + 8);
      int w = i >>> 3;
      long x = a + k[w];
      long y = b + k[w + 1];
      long product = x * y;
      low0 += product;
      high0 += Math.unsignedMultiplyHigh(x, y) + carry(low0, product);
      x = a + k[w + 2];
      y = b + k[w + 3];
      product = x * y;
      low1 += product;
      high1 += Math.unsignedMultiplyHigh(x, y) + carry(low1, product);
    }
    sums.clear().putInt(length).putLong(low0).putLong(high0).putLong(low1).putLong(high1);
    if (even != length) {
      addTail(memory, offset, even, length);
    }
    finish.update(sums.array());
    byte[] full = finish.doFinal();
    System.arraycopy(full, 0, out, 0, 16);
  }

  /** 1 if adding {@code addend} to reach {@code sum} went past 2^64, else 0. */
  private static long carry(long sum, long addend) {
    return Long.compareUnsigned(sum, addend) < 0 ? 1 : 0;
  }

  private void addTail(MemorySegment memory, long offset, int even, int length) {
    ByteBuffer block = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = even; i < length; i++) {
      block.put(memory.get(ValueLayout.JAVA_BYTE, offset + i));
    }
    int w = even >>> 3;
    for (int t = 0; t < 2; t++) {
      long x = block.getLong(0) + key[w + 2 * t];
      long y = block.getLong(8) + key[w + 1 + 2 * t];
      int at = 4 + 16 * t;
      long product = x * y;
      long low = sums.getLong(at) + product;
      long high = sums.getLong(at + 8) + Math.unsignedMultiplyHigh(x, y) + carry(low, product);
      sums.putLong(at, low).putLong(at + 8, high);
    }
  }
}
