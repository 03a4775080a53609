package io.blockmover.repository.map;

import io.blockmover.api.CorruptData;
import io.blockmover.repository.layer.Leaf;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Reads the columns of a leaf; entries become objects only when asked for. For one thread. */
public final class MapLeaf implements Leaf {

  /** Bytes of one entry in all columns. */
  static final int ENTRY_BYTES = 8 + 8 + 1 + 4 + 4 + 4 + 4 + 4 + 16;

  static final byte ZERO = 0;
  static final byte DATA = 1;

  private ByteBuffer columns = ByteBuffer.allocate(0);
  private List<PackName> dictionary = List.of();
  private long[] starts = new long[0];
  private long[] ends = new long[0];
  private int count;

  @Override
  public void decode(byte[] plain, List<PackName> packs, String key) throws CorruptData {
    columns = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
    dictionary = packs;
    count = plain.length < Integer.BYTES ? -1 : columns.getInt(0);
    if (count < 0 || plain.length != Integer.BYTES + (long) count * ENTRY_BYTES) {
      throw new CorruptData(key, "a leaf of a map", count + " entries, " + plain.length + " bytes");
    }
    if (starts.length < count) {
      starts = new long[count];
      ends = new long[count];
    }
    long position = 0;
    for (int i = 0; i < count; i++) {
      long gap = columns.getLong(Integer.BYTES + 8 * i);
      long length = columns.getLong(Integer.BYTES + 8 * (count + i));
      if (gap < 0
          || length <= 0
          || gap > Long.MAX_VALUE - position
          || length > Long.MAX_VALUE - position - gap) {
        throw damaged(key, i);
      }
      starts[i] = position + gap;
      ends[i] = starts[i] + length;
      position = ends[i];
      checkContent(key, i, length);
    }
  }

  private void checkContent(String key, int i, long length) throws CorruptData {
    switch (columns.get(at(16, 1, i))) {
      case ZERO -> {}
      case DATA -> {
        int within = columns.getInt(at(33, 4, i));
        int pack = columns.getInt(at(17, 4, i));
        if (within < 0
            || columns.getInt(at(21, 4, i)) < 0
            || columns.getInt(at(25, 4, i)) < 0
            || within + length > columns.getInt(at(29, 4, i))
            || pack < 0
            || pack >= dictionary.size()) {
          throw damaged(key, i);
        }
      }
      default -> throw damaged(key, i);
    }
  }

  private static CorruptData damaged(String key, int i) {
    return new CorruptData(key, "entries of a map", "entry " + i + " of a leaf is none");
  }

  /** Where a column's value is: columns that take {@code before} bytes per entry come first. */
  private int at(int before, int width, int i) {
    return Integer.BYTES + before * count + width * i;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public long start(int row) {
    return starts[row];
  }

  @Override
  public long end(int row) {
    return ends[row];
  }

  /** An entry. */
  public MapEntry entry(int row) {
    long offset = starts[row];
    long length = ends[row] - offset;
    if (columns.get(at(16, 1, row)) == ZERO) {
      return new MapEntry.Zero(offset, length);
    }
    ChunkLocation location =
        new ChunkLocation(
            Long.reverseBytes(columns.getLong(at(37, 16, row))),
            Long.reverseBytes(columns.getLong(at(37, 16, row) + 8)),
            dictionary.get(columns.getInt(at(17, 4, row))),
            columns.getInt(at(21, 4, row)),
            columns.getInt(at(25, 4, row)),
            columns.getInt(at(29, 4, row)));
    return new MapEntry.Data(offset, length, location, columns.getInt(at(33, 4, row)));
  }
}
