package io.blockmover.repository.index;

import io.blockmover.repository.layer.PackDictionary;
import io.blockmover.repository.pack.ChunkLocation;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Rows of an index segment in the making, in primitive columns: 32 bytes each. */
final class IndexEntries {

  private static final int FIRST_CAPACITY = 1024;

  private long[] highs = new long[FIRST_CAPACITY];
  private long[] lows = new long[FIRST_CAPACITY];
  private int[] packs = new int[FIRST_CAPACITY];
  private int[] offsets = new int[FIRST_CAPACITY];
  private int[] storedLengths = new int[FIRST_CAPACITY];
  private int[] plainLengths = new int[FIRST_CAPACITY];
  private int count;

  void add(ChunkLocation chunk, PackDictionary dictionary) {
    if (count == highs.length) {
      grow();
    }
    highs[count] = chunk.idHigh();
    lows[count] = chunk.idLow();
    packs[count] = dictionary.ordinal(chunk.pack());
    offsets[count] = chunk.offset();
    storedLengths[count] = chunk.storedLength();
    plainLengths[count] = chunk.plainLength();
    count++;
  }

  private void grow() {
    highs = Arrays.copyOf(highs, 2 * count);
    lows = Arrays.copyOf(lows, 2 * count);
    packs = Arrays.copyOf(packs, 2 * count);
    offsets = Arrays.copyOf(offsets, 2 * count);
    storedLengths = Arrays.copyOf(storedLengths, 2 * count);
    plainLengths = Arrays.copyOf(plainLengths, 2 * count);
  }

  int count() {
    return count;
  }

  long high(int entry) {
    return highs[entry];
  }

  long low(int entry) {
    return lows[entry];
  }

  /**
   * The entries ascending by id, each id once. Ids are uniform, so sorting by their first bits with
   * the entry's number behind them leaves next to nothing for the exact pass.
   */
  int[] sorted() {
    int numberBits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, count));
    long numberMask = (1L << numberBits) - 1;
    long[] keys = new long[count];
    for (int i = 0; i < count; i++) {
      keys[i] = ((highs[i] & ~numberMask) | i) ^ Long.MIN_VALUE;
    }
    Arrays.sort(keys);
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int entry = (int) (keys[i] & numberMask);
      int at = i;
      while (at > 0 && compare(order[at - 1], entry) > 0) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = entry;
    }
    return withoutRepeated(order);
  }

  private int[] withoutRepeated(int[] order) {
    int kept = 0;
    for (int entry : order) {
      if (kept == 0 || compare(order[kept - 1], entry) != 0) {
        order[kept++] = entry;
      }
    }
    return Arrays.copyOf(order, kept);
  }

  private int compare(int a, int b) {
    int order = Long.compareUnsigned(highs[a], highs[b]);
    return order == 0 ? Long.compareUnsigned(lows[a], lows[b]) : order;
  }

  /** Writes the columns of a page. */
  void writePage(int[] order, int from, int to, ByteBuffer out) {
    out.putInt(to - from);
    for (int i = from; i < to; i++) {
      out.putLong(Long.reverseBytes(highs[order[i]])).putLong(Long.reverseBytes(lows[order[i]]));
    }
    for (int[] column : new int[][] {packs, offsets, storedLengths, plainLengths}) {
      for (int i = from; i < to; i++) {
        out.putInt(column[order[i]]);
      }
    }
  }
}
