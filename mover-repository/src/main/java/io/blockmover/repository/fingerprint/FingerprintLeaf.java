package io.blockmover.repository.fingerprint;

import io.blockmover.api.CorruptData;
import io.blockmover.repository.layer.Leaf;
import io.blockmover.repository.pack.PackName;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;

/** Reads the columns of a leaf of fingerprints. For one thread. */
public final class FingerprintLeaf implements Leaf {

  /** Bytes of a fingerprint. */
  public static final int FINGERPRINT_BYTES = 16;

  /** Bytes of one row in all columns. */
  static final int ROW_BYTES = 8 + 1 + FINGERPRINT_BYTES;

  private byte[] plain = new byte[0];
  private long[] pieces = new long[0];
  private int count;

  @Override
  public void decode(byte[] bytes, List<PackName> dictionary, String key) throws CorruptData {
    plain = bytes;
    ByteBuffer columns = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    count = bytes.length < Integer.BYTES ? -1 : columns.getInt();
    if (count < 0 || bytes.length != Integer.BYTES + (long) count * ROW_BYTES) {
      throw new CorruptData(
          key, "a leaf of fingerprints", count + " rows, " + bytes.length + " bytes");
    }
    if (pieces.length < count) {
      pieces = new long[count];
    }
    long next = 0;
    for (int i = 0; i < count; i++) {
      long gap = columns.getLong();
      if (gap < 0
          || gap >= Long.MAX_VALUE - next
          || plain[stateAt(i)] > 2
          || plain[stateAt(i)] < 0) {
        throw new CorruptData(key, "rows of fingerprints", "row " + i + " of a leaf is none");
      }
      pieces[i] = next + gap;
      next = pieces[i] + 1;
    }
  }

  private int stateAt(int row) {
    return Integer.BYTES + 8 * count + row;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public long start(int row) {
    return pieces[row];
  }

  @Override
  public long end(int row) {
    return pieces[row] + 1;
  }

  /** What is known of the piece of a row. */
  public PieceState state(int row) {
    return Objects.requireNonNull(PieceState.of(plain[stateAt(row)]));
  }

  /** Copies the fingerprint of a row; zeros if it has none. */
  public void copyFingerprint(int row, byte[] out) {
    System.arraycopy(
        plain, Integer.BYTES + 9 * count + FINGERPRINT_BYTES * row, out, 0, FINGERPRINT_BYTES);
  }
}
