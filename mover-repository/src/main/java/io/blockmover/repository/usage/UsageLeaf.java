package io.blockmover.repository.usage;

import io.blockmover.api.CorruptData;
import io.blockmover.repository.pack.PackName;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The columns of a leaf of usage rows. */
final class UsageLeaf {

  static final int MAX_ROWS = 4096;
  private static final int ROW_BYTES = PackName.BYTES + 4 + 8;

  private UsageLeaf() {}

  static byte[] rowId(List<UsageRow> rows) {
    return ByteBuffer.allocate(32).put(rows.getFirst().pack().toBytes()).array();
  }

  static ByteBuffer write(List<UsageRow> rows) {
    ByteBuffer out =
        ByteBuffer.allocate(Integer.BYTES + rows.size() * ROW_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(rows.size());
    rows.forEach(row -> out.put(row.pack().toBytes()));
    rows.forEach(row -> out.putInt((int) row.sizeBytes()));
    rows.forEach(row -> out.putLong(row.referencedBytes()));
    return out.flip();
  }

  static List<UsageRow> read(byte[] plain, String key) throws CorruptData {
    ByteBuffer names = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
    int count = plain.length < Integer.BYTES ? -1 : names.getInt();
    if (count < 0 || plain.length != Integer.BYTES + (long) count * ROW_BYTES) {
      throw new CorruptData(key, "a leaf of usage", count + " rows, " + plain.length + " bytes");
    }
    ByteBuffer sizes = column(plain, names.position() + count * PackName.BYTES);
    ByteBuffer references = column(plain, names.position() + count * (PackName.BYTES + 4));
    List<UsageRow> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      UsageRow row =
          new UsageRow(
              PackName.read(names), Integer.toUnsignedLong(sizes.getInt()), references.getLong());
      if (i > 0 && row.pack().compareTo(rows.getLast().pack()) <= 0) {
        throw new CorruptData(key, "usage rows in order of names", row + " after a later one");
      }
      rows.add(row);
    }
    return rows;
  }

  private static ByteBuffer column(byte[] plain, int at) {
    return ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN).position(at);
  }
}
