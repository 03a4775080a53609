package io.blockmover.repository.layer;

import io.blockmover.repository.pack.TableRow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the table of a map or fingerprint pack says of a leaf.
 *
 * @param from first offset (or piece)
 * @param to end of the last row
 * @param count number of rows
 */
record LeafRange(long from, long to, int count) {

  byte[] rowId() {
    return ByteBuffer.allocate(32)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(from)
        .putLong(to)
        .putInt(count)
        .array();
  }

  static LeafRange of(TableRow row) {
    ByteBuffer in = ByteBuffer.wrap(row.id()).order(ByteOrder.LITTLE_ENDIAN);
    return new LeafRange(in.getLong(), in.getLong(), in.getInt());
  }
}
