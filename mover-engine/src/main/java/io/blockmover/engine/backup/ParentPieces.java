package io.blockmover.engine.backup;

import io.blockmover.api.MoverException;
import io.blockmover.repository.fingerprint.PieceState;
import java.util.Arrays;

/**
 * What is known of the parent's pieces, asked for in ascending order by one thread at a time.
 * Without a parent all is zero: the volume before its first backup.
 */
interface ParentPieces {

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

  /** Nothing is known: everything that is looked at counts as changed. */
  ParentPieces UNKNOWN =
      new ParentPieces() {
        @Override
        public void load(long firstPiece, int count, States into) {
          for (int piece = 0; piece < count; piece++) {
            into.set(piece, PieceState.UNKNOWN, States.NO_FINGERPRINT);
          }
        }

        @Override
        public long nextNonZero(long fromPiece) {
          return fromPiece;
        }
      };

  /** Loads the states of {@code count} pieces. */
  void load(long firstPiece, int count, States into) throws MoverException;

  /**
   * The first piece at or after {@code fromPiece} that may be other than zero; MAX_VALUE if none.
   */
  long nextNonZero(long fromPiece) throws MoverException;

  /** States and fingerprints of the pieces of one cell. */
  final class States {

    static final byte[] NO_FINGERPRINT = new byte[0];

    private final PieceState[] states;
    private final byte[] fingerprints;

    States(int pieces) {
      states = new PieceState[pieces];
      clear();
      fingerprints = new byte[pieces * 16];
    }

    void clear() {
      Arrays.fill(states, PieceState.ZERO);
    }

    PieceState state(int piece) {
      return states[piece];
    }

    void set(int piece, PieceState state, byte[] fingerprint) {
      states[piece] = state;
      if (state == PieceState.KNOWN) {
        System.arraycopy(fingerprint, 0, fingerprints, piece * 16, 16);
      }
    }

    /** The fingerprint of a piece that is known. */
    byte[] fingerprint(int piece) {
      return Arrays.copyOfRange(fingerprints, piece * 16, piece * 16 + 16);
    }

    boolean hasFingerprint(int piece, byte[] fingerprint) {
      return states[piece] == PieceState.KNOWN
          && Arrays.equals(fingerprints, piece * 16, piece * 16 + 16, fingerprint, 0, 16);
    }
  }
}
