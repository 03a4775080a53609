package io.blockmover.repository.pack;

import io.blockmover.api.CorruptData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The last 16 bytes of a pack: where its table is. */
record PackTrailer(int tableOffset, int rows) {

  static final int BYTES = 16;
  private static final byte[] MAGIC = "BMTRAIL1".getBytes(StandardCharsets.US_ASCII);

  void write(ByteBuffer out) {
    out.order(ByteOrder.LITTLE_ENDIAN).putInt(tableOffset).putInt(rows).put(MAGIC);
  }

  /**
   * @param in its last 16 bytes are the trailer; position and limit stay
   * @param packBytes size of the whole pack
   */
  static PackTrailer read(ByteBuffer in, long packBytes, String key) throws CorruptData {
    ByteBuffer tail = in.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (tail.remaining() < BYTES) {
      throw new CorruptData(key, "a pack", packBytes + " bytes");
    }
    tail.position(tail.limit() - BYTES);
    PackTrailer trailer = new PackTrailer(tail.getInt(), tail.getInt());
    byte[] magic = new byte[MAGIC.length];
    tail.get(magic);
    if (!java.util.Arrays.equals(magic, MAGIC)) {
      throw new CorruptData(key, "a pack's trailer at its end", "other bytes (cut short?)");
    }
    long tableBytes = packBytes - BYTES - Integer.toUnsignedLong(trailer.tableOffset);
    if (trailer.tableOffset < 0 || trailer.rows < 0 || tableBytes < RecordHeader.BYTES) {
      throw new CorruptData(key, "a table inside the pack", trailer.toString());
    }
    return trailer;
  }
}
