package io.blockmover.repository.pack;

import io.blockmover.api.CorruptData;
import io.blockmover.repository.crypto.Aead;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The last 16 bytes of a pack: where its table is. */
record PackTrailer(int tableOffset, int rows) {

  static final int BYTES = 16;

  /** No pack is larger (repository format, section 4). */
  static final long MAX_PACK_BYTES = 1L << 30;

  /** No record is larger before compression, the table not either. */
  static final int MAX_PLAIN_BYTES = 64 << 20;

  private static final byte[] MAGIC = "BMTRAIL1".getBytes(StandardCharsets.US_ASCII);

  void write(ByteBuffer out) {
    out.order(ByteOrder.LITTLE_ENDIAN).putInt(tableOffset).putInt(rows).put(MAGIC);
  }

  /** How long the rows are, before compression. */
  int plainBytes() {
    return rows * TableRow.BYTES;
  }

  /**
   * Reads a trailer and checks that table and rows fit into the pack, since nothing here is
   * authentic yet: nobody may have to allocate more than the table of an honest pack takes.
   *
   * @param in its last 16 bytes are the trailer; position and limit stay
   * @param packBytes size of the whole pack
   */
  static PackTrailer read(ByteBuffer in, long packBytes, String key) throws CorruptData {
    if (packBytes > MAX_PACK_BYTES) {
      throw new CorruptData(key, "at most " + MAX_PACK_BYTES + " bytes", packBytes + " bytes");
    }
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
    long rowBytes = (long) trailer.rows * TableRow.BYTES;
    if (trailer.tableOffset < 0
        || trailer.rows < 0
        || tableBytes < RecordHeader.BYTES
        || rowBytes > MAX_PLAIN_BYTES
        || trailer.rows > packBytes / RecordHeader.BYTES
        || tableBytes > RecordHeader.BYTES + rowBytes + Aead.TAG_BYTES) {
      throw new CorruptData(key, "a table inside the pack", trailer.toString());
    }
    return trailer;
  }
}
