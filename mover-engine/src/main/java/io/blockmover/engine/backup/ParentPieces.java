package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.repository.fingerprint.PieceState;
import io.blockmover.repository.map.MapEntry;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

        @Override
        public List<MapEntry> entries(long start, long end) {
          return List.of();
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

        @Override
        public @Nullable List<MapEntry> entries(long start, long end) {
          return null;
        }

        @Override
        public boolean tellChanges() {
          return false;
        }
      };

  /** Loads the states of {@code count} pieces. */
  void load(long firstPiece, int count, States into) throws MoverException;

  /**
   * The first piece at or after {@code fromPiece} that may be other than zero; MAX_VALUE if none.
   */
  long nextNonZero(long fromPiece) throws MoverException;

  /** What the map says from {@code start} to {@code end}; null if that must not be relied on. */
  @Nullable List<MapEntry> entries(long start, long end) throws MoverException;

  /** Whether what differs from them changed, and is not only stored once more. */
  default boolean tellChanges() {
    return true;
  }

  /** Whether some of an extent could not be read when the parent was made. */
  default boolean couldNotBeRead(Extent extent) {
    return false;
  }

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
