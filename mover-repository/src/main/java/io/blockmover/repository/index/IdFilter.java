package io.blockmover.repository.index;

import io.blockmover.api.CorruptData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A Bloom filter of chunk ids: says "certainly not here", or "perhaps". Immutable once shared. */
final class IdFilter {

  private static final int BITS_PER_ENTRY = 10;
  private static final int HASHES = 7;
  private static final int HEADER_BYTES = 12;

  private final int bitsPerEntry;
  private final int hashes;
  private final long[] words;

  private IdFilter(int bitsPerEntry, int hashes, long[] words) {
    this.bitsPerEntry = bitsPerEntry;
    this.hashes = hashes;
    this.words = words;
  }

  static IdFilter forEntries(int count) {
    int words = Math.max(1, Math.ceilDiv(count * BITS_PER_ENTRY, Long.SIZE));
    return new IdFilter(BITS_PER_ENTRY, HASHES, new long[words]);
  }

  void add(long idHigh, long idLow) {
    for (int j = 0; j < hashes; j++) {
      long bit = bit(idHigh, idLow, j);
      words[(int) (bit >>> 6)] |= 1L << bit;
    }
  }

  boolean mayContain(long idHigh, long idLow) {
    for (int j = 0; j < hashes; j++) {
      long bit = bit(idHigh, idLow, j);
      if ((words[(int) (bit >>> 6)] & (1L << bit)) == 0) {
        return false;
      }
    }
    return true;
  }

  /** The format counts an id's words as little-endian; in memory they are big-endian. */
  private long bit(long idHigh, long idLow, int j) {
    long x = Long.reverseBytes(idHigh);
    long y = Long.reverseBytes(idLow) | 1;
    return Long.remainderUnsigned(x + j * y, (long) words.length * Long.SIZE);
  }

  long sizeBytes() {
    return (long) words.length * Long.BYTES;
  }

  /** The length of the plain text of a filter, without the filter itself. */
  static long sizeBytes(int plainLength) {
    return Math.max(0, plainLength - HEADER_BYTES);
  }

  ByteBuffer write() {
    ByteBuffer out =
        ByteBuffer.allocate(HEADER_BYTES + words.length * Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(bitsPerEntry)
            .putInt(hashes)
            .putInt(words.length);
    for (long word : words) {
      out.putLong(word);
    }
    return out.flip();
  }

  static IdFilter read(byte[] plain, String key) throws CorruptData {
    ByteBuffer in = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
    if (plain.length > HEADER_BYTES) {
      int bitsPerEntry = in.getInt();
      int hashes = in.getInt();
      int count = in.getInt();
      if (count > 0 && hashes > 0 && in.remaining() == (long) count * Long.BYTES) {
        long[] words = new long[count];
        in.asLongBuffer().get(words);
        return new IdFilter(bitsPerEntry, hashes, words);
      }
    }
    throw new CorruptData(key, "a filter", plain.length + " other bytes");
  }
}
