package io.blockmover.repository.pack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The 40 bytes before each ciphertext (repository format, section 4). */
record RecordHeader(
    int codec, int plainLength, int storedLength, int slot, long idHigh, long idLow) {

  static final int BYTES = 40;
  static final int TABLE_SLOT = -1;
  static final int MAGIC = 0x31524d42; // "BMR1", little-endian

  void write(ByteBuffer out) {
    out.order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MAGIC)
        .putInt(codec)
        .putInt(plainLength)
        .putInt(storedLength)
        .putInt(slot)
        .putInt(0)
        .order(ByteOrder.BIG_ENDIAN)
        .putLong(idHigh)
        .putLong(idLow);
  }

  /** Null if the magic is not there. */
  static @org.jspecify.annotations.Nullable RecordHeader read(ByteBuffer in) {
    in.order(ByteOrder.LITTLE_ENDIAN);
    int magic = in.getInt();
    int codec = in.getInt();
    int plainLength = in.getInt();
    int storedLength = in.getInt();
    int slot = in.getInt();
    int zero = in.getInt();
    in.order(ByteOrder.BIG_ENDIAN);
    long idHigh = in.getLong();
    long idLow = in.getLong();
    if (magic != MAGIC || zero != 0) {
      return null;
    }
    return new RecordHeader(codec, plainLength, storedLength, slot, idHigh, idLow);
  }

  byte[] toBytes() {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    write(out);
    return out.array();
  }

  /** The nonce of this record. */
  byte[] nonce() {
    return ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putInt(slot).array();
  }
}
