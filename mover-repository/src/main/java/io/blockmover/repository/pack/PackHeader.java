package io.blockmover.repository.pack;

import io.blockmover.api.CorruptData;
import io.blockmover.repository.crypto.DataKeyWrap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The first bytes of a pack (repository format, section 4). */
record PackHeader(PackKind kind, PackName name, List<byte[]> wrappedKeys) {

  /** Without recipients. */
  static final int FIXED_BYTES = 44;

  /** The header of a data pack as this version writes it: one recipient. */
  static final int DATA_BYTES = FIXED_BYTES + DataKeyWrap.BYTES;

  private static final byte[] MAGIC = "BMPACK01".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_RECIPIENTS = 64;

  int lengthBytes() {
    return FIXED_BYTES + wrappedKeys.size() * DataKeyWrap.BYTES;
  }

  /**
   * The length that a header's first {@link #FIXED_BYTES} bytes tell, at most that of a header with
   * as many recipients as anybody has; not checked otherwise.
   */
  static int lengthBytes(ByteBuffer start) {
    int recipients = start.order(ByteOrder.LITTLE_ENDIAN).getShort(start.position() + 10) & 0xffff;
    return FIXED_BYTES + Math.min(recipients, MAX_RECIPIENTS) * DataKeyWrap.BYTES;
  }

  void write(ByteBuffer out) {
    out.order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put((byte) kind.code())
        .put((byte) (kind == PackKind.DATA ? 1 : 0))
        .putShort((short) wrappedKeys.size())
        .putInt(lengthBytes())
        .put(name.toBytes());
    wrappedKeys.forEach(out::put);
  }

  /**
   * Reads and checks a header.
   *
   * @param in the pack from its start; its position moves to the first record
   * @param key the object, for messages
   * @throws CorruptData if this is not the header of that pack
   */
  static PackHeader read(ByteBuffer in, PackKind kind, PackName name, String key)
      throws CorruptData {
    int start = in.position();
    if (in.remaining() < FIXED_BYTES) {
      throw new CorruptData(key, "a pack header", in.remaining() + " bytes");
    }
    byte[] magic = new byte[MAGIC.length];
    in.order(ByteOrder.LITTLE_ENDIAN).get(magic);
    int kindCode = in.get();
    int keyMode = in.get();
    int recipients = in.getShort() & 0xffff;
    int length = in.getInt();
    if (!java.util.Arrays.equals(magic, MAGIC)) {
      throw new CorruptData(key, "a pack", "bytes without a pack's magic");
    }
    if (kindCode != kind.code() || keyMode != (kind == PackKind.DATA ? 1 : 0)) {
      throw new CorruptData(key, "a pack of kind " + kind, "kind " + kindCode);
    }
    PackName found = PackName.read(in);
    if (!found.equals(name)) {
      throw new CorruptData(key, "pack " + name, "pack " + found);
    }
    if (recipients > MAX_RECIPIENTS
        || length != FIXED_BYTES + recipients * DataKeyWrap.BYTES
        || in.limit() - start < length) {
      throw new CorruptData(key, "a whole pack header", recipients + " recipients, " + length);
    }
    List<byte[]> wrapped = new ArrayList<>();
    for (int i = 0; i < recipients; i++) {
      byte[] one = new byte[DataKeyWrap.BYTES];
      in.get(one);
      wrapped.add(one);
    }
    return new PackHeader(kind, name, wrapped);
  }
}
