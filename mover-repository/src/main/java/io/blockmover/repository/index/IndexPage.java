package io.blockmover.repository.index;

import io.blockmover.api.CorruptData;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of one page of an index segment, as stored. Immutable. */
final class IndexPage {

  static final int MAX_ROWS = 2048;
  static final int ROW_BYTES = 16 + 4 * 4;

  private final ByteBuffer columns;
  private final int count;
  private final String key;

  IndexPage(byte[] plain, String key) throws CorruptData {
    this.columns = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
    this.count = plain.length < Integer.BYTES ? -1 : columns.getInt(0);
    this.key = key;
    if (count < 0 || plain.length != Integer.BYTES + (long) count * ROW_BYTES) {
      throw new CorruptData(key, "a page of an index", count + " rows, " + plain.length + " bytes");
    }
  }

  @Nullable ChunkLocation find(long idHigh, long idLow, List<PackName> dictionary)
      throws CorruptData {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(middle, idHigh, idLow);
      if (order == 0) {
        return row(middle, dictionary);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  private int compare(int row, long idHigh, long idLow) {
    int order = Long.compareUnsigned(idHigh(row), idHigh);
    return order == 0 ? Long.compareUnsigned(idLow(row), idLow) : order;
  }

  private long idHigh(int row) {
    return Long.reverseBytes(columns.getLong(Integer.BYTES + 16 * row));
  }

  private long idLow(int row) {
    return Long.reverseBytes(columns.getLong(Integer.BYTES + 16 * row + 8));
  }

  int count() {
    return count;
  }

  ChunkLocation row(int row, List<PackName> dictionary) throws CorruptData {
    int pack = number(0, row);
    if (pack < 0 || pack >= dictionary.size()) {
      throw new CorruptData(key, "the number of a pack", String.valueOf(pack));
    }
    return new ChunkLocation(
        idHigh(row),
        idLow(row),
        dictionary.get(pack),
        number(1, row),
        number(2, row),
        number(3, row));
  }

  private int number(int column, int row) {
    return columns.getInt(Integer.BYTES + (16 + 4 * column) * count + 4 * row);
  }
}
