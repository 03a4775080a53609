package io.blockmover.engine.backup;

import static io.blockmover.repository.fingerprint.PieceFingerprint.PIECE_BYTES;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.repository.fingerprint.PieceFingerprint;
import io.blockmover.repository.fingerprint.PieceState;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a tracker said by leaving something out: that it is as in the parent, or zeros.
 *
 * @param memory the cell's bytes; those of its checks have been read
 */
record ListCheck(MemorySegment memory, StoredBytes stored) {

  /** The first place that is not what the list implies; null if there is none. */
  @Nullable Extent find(Cell cell, List<Extent> checks, PieceFingerprint fingerprint)
      throws MoverException, InterruptedException {
    for (Extent check : checks) {
      for (long from = check.offset(); from < check.end(); from = nextPiece(from)) {
        Extent part = Extent.between(from, Math.min(check.end(), nextPiece(from)));
        if (!holds(cell, part, fingerprint)) {
          return part;
        }
      }
    }
    return null;
  }

  private static long nextPiece(long offset) {
    return (offset / PIECE_BYTES + 1) * PIECE_BYTES;
  }

  private boolean holds(Cell cell, Extent part, PieceFingerprint fingerprint)
      throws MoverException, InterruptedException {
    long at = part.offset() - cell.offset();
    int piece = (int) (at / PIECE_BYTES);
    PieceState state = cell.parent().state(piece);
    if (cell.action(piece) == Cell.Action.ZERO || state == PieceState.ZERO) {
      return Zeros.only(memory, at, part.length());
    }
    if (state == PieceState.KNOWN && part.length() == cell.pieceBytes(piece)) {
      byte[] found = new byte[16];
      fingerprint.compute(memory, at, (int) part.length(), found);
      boolean same = cell.parent().hasFingerprint(piece, found);
      if (same || part.length() == PIECE_BYTES) {
        return same;
      } // the volume may have shrunk within this piece: only the stored bytes tell
    }
    return cell.stored() == null
        || stored.sameAsFarAsKnown(cell.stored(), part, memory, cell.offset());
  }
}
