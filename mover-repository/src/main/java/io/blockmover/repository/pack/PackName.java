package io.blockmover.repository.pack;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The name of a pack: never used twice. Its first two parts say which run of which session wrote
 * it; all packs of one run share one data key.
 *
 * @param sessionHigh first half of the session's id
 * @param sessionLow second half
 * @param run drawn at random by each process that works on the session
 * @param counter of the run
 */
public record PackName(long sessionHigh, long sessionLow, long run, int counter)
    implements Comparable<PackName> {

  /** The length of the binary form. */
  public static final int BYTES = 28;

  private static final int TEXT_LENGTH = 32 + 1 + 16 + 1 + 8;

  /**
   * Reads the binary form.
   *
   * @param from its position advances by {@link #BYTES}; its byte order does not matter
   */
  public static PackName read(ByteBuffer from) {
    return new PackName(bigLong(from), bigLong(from), bigLong(from), bigInt(from));
  }

  private static long bigLong(ByteBuffer from) {
    return ((long) bigInt(from) << 32) | (bigInt(from) & 0xffffffffL);
  }

  private static int bigInt(ByteBuffer from) {
    return (from.get() & 0xff) << 24
        | (from.get() & 0xff) << 16
        | (from.get() & 0xff) << 8
        | (from.get() & 0xff);
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static PackName parse(String text) {
    if (text.length() != TEXT_LENGTH || text.charAt(32) != '-' || text.charAt(49) != '-') {
      throw new IllegalArgumentException("not a pack name: " + text);
    }
    byte[] bytes =
        HexFormat.of()
            .parseHex(text.substring(0, 32) + text.substring(33, 49) + text.substring(50));
    return read(ByteBuffer.wrap(bytes));
  }

  /** The binary form. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(sessionHigh)
        .putLong(sessionLow)
        .putLong(run)
        .putInt(counter)
        .array();
  }

  /** The text form, as in keys. */
  public String text() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(sessionHigh)
        + hex.toHexDigits(sessionLow)
        + "-"
        + hex.toHexDigits(run)
        + "-"
        + hex.toHexDigits(counter);
  }

  /** The session's id as in keys: 32 hex digits. */
  public String session() {
    return text().substring(0, 32);
  }

  /** Two hex digits that spread keys over the store's partitions. */
  String fanOut() {
    return HexFormat.of().toHexDigits((byte) ((run >>> 56) + counter));
  }

  /** In the order of the text. */
  @Override
  public int compareTo(PackName other) {
    int order = Long.compareUnsigned(sessionHigh, other.sessionHigh);
    if (order == 0) {
      order = Long.compareUnsigned(sessionLow, other.sessionLow);
    }
    if (order == 0) {
      order = Long.compareUnsigned(run, other.run);
    }
    return order == 0 ? Integer.compareUnsigned(counter, other.counter) : order;
  }

  @Override
  public String toString() {
    return text();
  }
}
