package io.blockmover.repository.layer;

import io.blockmover.api.CorruptData;
import io.blockmover.repository.pack.PackName;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers the packs that the rows of one metadata pack name, in order of first use. */
public final class PackDictionary {

  private static final byte[] ROW_ID = filled((byte) 0xff);

  private final Map<PackName, Integer> ordinals = new HashMap<>();
  private final List<PackName> names = new ArrayList<>();

  private static byte[] filled(byte value) {
    byte[] id = new byte[32];
    Arrays.fill(id, value);
    return id;
  }

  /** The table row id of a dictionary: 32 bytes 0xFF. */
  public static byte[] rowId() {
    return ROW_ID.clone();
  }

  /** The number of a pack; it gets the next one if it has none. */
  public int ordinal(PackName name) {
    Integer known = ordinals.get(name);
    if (known != null) {
      return known;
    }
    ordinals.put(name, names.size());
    names.add(name);
    return names.size() - 1;
  }

  public int size() {
    return names.size();
  }

  /** The packs in order of their numbers. */
  public List<PackName> names() {
    return List.copyOf(names);
  }

  public void clear() {
    ordinals.clear();
    names.clear();
  }

  /** How long {@link #write} makes it. */
  public int encodedBytes() {
    return Integer.BYTES + names.size() * PackName.BYTES;
  }

  /** Appends the binary form. */
  public void write(ByteBuffer out) {
    out.order(ByteOrder.LITTLE_ENDIAN).putInt(names.size());
    for (PackName name : names) {
      out.put(name.toBytes());
    }
  }

  /**
   * Reads the binary form.
   *
   * @param in its position advances
   * @param key the object, for messages
   */
  public static List<PackName> read(ByteBuffer in, String key) throws CorruptData {
    in.order(ByteOrder.LITTLE_ENDIAN);
    int count = in.remaining() < Integer.BYTES ? -1 : in.getInt();
    if (count < 0 || in.remaining() < (long) count * PackName.BYTES) {
      throw new CorruptData(key, "a pack dictionary", count + " names, " + in.remaining());
    }
    PackName[] names = new PackName[count];
    for (int i = 0; i < count; i++) {
      names[i] = PackName.read(in);
    }
    return List.of(names);
  }
}
