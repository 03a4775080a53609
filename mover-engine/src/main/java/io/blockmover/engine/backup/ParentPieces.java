package io.blockmover.engine.backup;

import io.blockmover.api.MoverException;
import java.util.Arrays;

/**
 * What is known of the parent's pieces, asked for in ascending order by one thread at a time.
 * Without a parent all is zero: the volume before its first backup.
 */
interface ParentPieces {

  /** A piece holds only zeros. */
  byte ZERO = 0;

  /** Its fingerprint is known. */
  byte KNOWN = 1;

  /** It holds something that was never fingerprinted whole. */
  byte UNKNOWN = 2;

  /** No parent. */
  ParentPieces NONE =
      new ParentPieces() {
        @Override
        public void load(long firstPiece, int count, States into) {
          into.clear();
        }

        @Override
        public long nextNonZero(long fromPiece) {
          return Long.MAX_VALUE;
        }
      };

  /** Loads the states of {@code count} pieces. */
  void load(long firstPiece, int count, States into) throws MoverException;

  /** The first piece at or after {@code fromPiece} that is not zero; MAX_VALUE if there is none. */
  long nextNonZero(long fromPiece) throws MoverException;

  /** States and fingerprints of the pieces of one cell. */
  final class States {

    private final byte[] states;
    private final byte[] fingerprints;

    States(int pieces) {
      states = new byte[pieces];
      fingerprints = new byte[pieces * 16];
    }

    void clear() {
      Arrays.fill(states, ZERO);
    }

    byte state(int piece) {
      return states[piece];
    }

    void set(int piece, byte state, byte[] fingerprint) {
      states[piece] = state;
      if (state == KNOWN) {
        System.arraycopy(fingerprint, 0, fingerprints, piece * 16, 16);
      }
    }

    /** The fingerprint of a piece that is {@link #KNOWN}. */
    byte[] fingerprint(int piece) {
      return Arrays.copyOfRange(fingerprints, piece * 16, piece * 16 + 16);
    }

    boolean hasFingerprint(int piece, byte[] fingerprint) {
      return states[piece] == KNOWN
          && Arrays.equals(fingerprints, piece * 16, piece * 16 + 16, fingerprint, 0, 16);
    }
  }
}
