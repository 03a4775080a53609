package io.blockmover.repository.fingerprint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Collects the rows of one leaf of fingerprints and writes its columns. For one thread. */
public final class FingerprintLeafWriter {

  private static final byte[] NONE = new byte[FingerprintLeaf.FINGERPRINT_BYTES];

  private long[] pieces = new long[64];
  private byte[] states = new byte[64];
  private byte[] fingerprints = new byte[64 * FingerprintLeaf.FINGERPRINT_BYTES];
  private int count;

  /**
   * Adds a row.
   *
   * @param fingerprint 16 bytes; read only if the state is KNOWN
   * @throws IllegalArgumentException if the piece is not after the one before
   */
  public void add(long piece, PieceState state, byte[] fingerprint) {
    if (piece < (count == 0 ? 0 : pieces[count - 1] + 1)) {
      throw new IllegalArgumentException("piece " + piece + " is not after the one before");
    }
    if (count == pieces.length) {
      pieces = Arrays.copyOf(pieces, 2 * count);
      states = Arrays.copyOf(states, 2 * count);
      fingerprints = Arrays.copyOf(fingerprints, 2 * fingerprints.length);
    }
    pieces[count] = piece;
    states[count] = state.code();
    System.arraycopy(
        state == PieceState.KNOWN ? fingerprint : NONE,
        0,
        fingerprints,
        count * FingerprintLeaf.FINGERPRINT_BYTES,
        FingerprintLeaf.FINGERPRINT_BYTES);
    count++;
  }

  public int count() {
    return count;
  }

  long first() {
    return pieces[0];
  }

  long end() {
    return pieces[count - 1] + 1;
  }

  /** The plain text; afterwards the writer is empty. */
  public ByteBuffer write() {
    ByteBuffer out =
        ByteBuffer.allocate(Integer.BYTES + count * FingerprintLeaf.ROW_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(count);
    long next = 0;
    for (int i = 0; i < count; i++) {
      out.putLong(pieces[i] - next);
      next = pieces[i] + 1;
    }
    out.put(states, 0, count).put(fingerprints, 0, count * FingerprintLeaf.FINGERPRINT_BYTES);
    count = 0;
    return out.flip();
  }
}
