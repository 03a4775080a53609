package io.blockmover.repository.index;

import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.layer.PackDictionary;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.MetadataPackWriter;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Collects the chunks that a session stored and puts them as one index segment. The packs must be
 * in the store before the segment is. For one thread.
 */
public final class IndexSegmentWriter {

  /** What one segment holds at most: 8 MiB, or 128 GiB of volume in chunks of 512 KiB. */
  public static final int MAX_ENTRIES = 1 << 18;

  private final IndexEntries entries = new IndexEntries();
  private final PackDictionary dictionary = new PackDictionary();

  /** Whether the segment must be put before another chunk can be added. */
  public boolean isFull() {
    return entries.count() == MAX_ENTRIES;
  }

  public boolean isEmpty() {
    return entries.count() == 0;
  }

  /**
   * Adds a chunk; of one chunk in two places one is kept.
   *
   * @throws IllegalStateException if the segment is full
   */
  public void add(ChunkLocation chunk) {
    if (isFull()) {
      throw new IllegalStateException("an index segment holds " + MAX_ENTRIES + " chunks");
    }
    entries.add(chunk, dictionary);
  }

  /** The key of a segment. */
  public static String keyOf(int level, PackName name) {
    return "i/" + level + "/" + name.text();
  }

  /**
   * Puts the segment. The writer cannot be used any more.
   *
   * @param level 0 for what a session writes; merged segments have higher ones
   * @param asOf GC epoch: none of the packs is condemned in this epoch or before
   */
  public PackReference finish(MetadataStore store, PackName name, int level, long asOf)
      throws MoverException {
    MetadataPackWriter pack =
        new MetadataPackWriter(
            store.store(), store.keys(), PackKind.INDEX, name, keyOf(level, name));
    int[] order = entries.sorted();
    IdFilter filter = IdFilter.forEntries(order.length);
    for (int entry : order) {
      filter.add(entries.high(entry), entries.low(entry));
    }
    for (int from = 0; from < order.length; from += IndexPage.MAX_ROWS) {
      int to = Math.min(order.length, from + IndexPage.MAX_ROWS);
      ByteBuffer page =
          ByteBuffer.allocate(Integer.BYTES + (to - from) * IndexPage.ROW_BYTES)
              .order(ByteOrder.LITTLE_ENDIAN);
      entries.writePage(order, from, to, page);
      byte[] rowId =
          ByteBuffer.allocate(32)
              .putLong(entries.high(order[from]))
              .putLong(entries.low(order[from]))
              .array();
      pack.add(rowId, page.flip());
    }
    byte[] filterRow = new byte[32];
    Arrays.fill(filterRow, (byte) 0xfe);
    pack.add(filterRow, filter.write());
    ByteBuffer last = ByteBuffer.allocate(dictionary.encodedBytes() + Long.BYTES);
    dictionary.write(last);
    pack.add(PackDictionary.rowId(), last.putLong(asOf).flip());
    return pack.finish();
  }
}
