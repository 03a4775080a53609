package io.blockmover.repository.pack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One row of a pack's table: where a record is and what it is.
 *
 * @param id 32 bytes; their meaning depends on the kind of pack
 * @param offset of the record in the pack
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TableRow(
    byte[] id, int slot, int offset, int storedLength, int plainLength, int codec) {

  static final int BYTES = 48;

  void write(ByteBuffer out) {
    out.order(ByteOrder.LITTLE_ENDIAN)
        .put(id)
        .putInt(offset)
        .putInt(storedLength)
        .putInt(plainLength)
        .putInt(codec);
  }

  static TableRow read(ByteBuffer in, int slot) {
    byte[] id = new byte[32];
    in.order(ByteOrder.LITTLE_ENDIAN).get(id);
    return new TableRow(id, slot, in.getInt(), in.getInt(), in.getInt(), in.getInt());
  }

  RecordHeader header(PackKind kind) {
    ByteBuffer words = ByteBuffer.wrap(id);
    boolean data = kind == PackKind.DATA;
    return new RecordHeader(
        codec,
        plainLength,
        storedLength,
        slot,
        data ? words.getLong(0) : 0,
        data ? words.getLong(8) : 0);
  }
}
