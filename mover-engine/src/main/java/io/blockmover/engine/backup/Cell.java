package io.blockmover.engine.backup;

import static io.blockmover.repository.fingerprint.PieceFingerprint.PIECE_BYTES;

import io.blockmover.api.Extent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The work on one cell of the volume's grid: which pieces of it to read and what the parent knows
 * of them. Each worker owns one and has it filled again and again.
 */
final class Cell {

  /** What to do with a piece. */
  enum Action {
    /** Not listed: as in the parent. */
    KEEP,
    /** Read it, and compare where there is a parent. */
    READ,
    /** It is a hole: zeros, without reading. */
    ZERO,
    /** Parts of it changed for certain: {@link #exact}. */
    EXACT
  }

  private final Action[] actions;
  private final ParentPieces.States parent;
  private final List<Extent> exact = new ArrayList<>();
  private long sequence;
  private long offset;
  private int lengthBytes;

  Cell(int chunkBytes) {
    actions = new Action[chunkBytes / PIECE_BYTES];
    parent = new ParentPieces.States(actions.length);
  }

  /** Starts again as the cell at {@code offset}; nothing is listed yet. */
  void reset(long sequence, long offset, int lengthBytes) {
    this.sequence = sequence;
    this.offset = offset;
    this.lengthBytes = lengthBytes;
    exact.clear();
    Arrays.fill(actions, Action.KEEP);
  }

  /** Lists the pieces of an extent that is aligned to pieces, or ends with the volume. */
  void list(long from, long to, Action action) {
    int first = (int) ((from - offset) / PIECE_BYTES);
    int end = (int) ((to - offset + PIECE_BYTES - 1) / PIECE_BYTES);
    Arrays.fill(actions, first, end, action);
    if (action == Action.EXACT) {
      exact.add(Extent.between(from, to));
    }
  }

  /** Gives up exactness: reads everything from the first to the last listed piece and compares. */
  void compareInstead() {
    exact.clear();
    int first = 0;
    while (actions[first] == Action.KEEP) {
      first++;
    }
    int last = actions.length - 1;
    while (actions[last] == Action.KEEP) {
      last--;
    }
    Arrays.fill(actions, first, last + 1, Action.READ);
  }

  long sequence() {
    return sequence;
  }

  long offset() {
    return offset;
  }

  int lengthBytes() {
    return lengthBytes;
  }

  int pieces() {
    return (lengthBytes + PIECE_BYTES - 1) / PIECE_BYTES;
  }

  /** The length of a piece: the last one of a volume may be shorter. */
  int pieceBytes(int piece) {
    return Math.min(PIECE_BYTES, lengthBytes - piece * PIECE_BYTES);
  }

  Action action(int piece) {
    return actions[piece];
  }

  /** Extents that changed for certain, ascending, aligned to {@link CellPlanner#EXACT_BYTES}. */
  List<Extent> exact() {
    return exact;
  }

  ParentPieces.States parent() {
    return parent;
  }
}
