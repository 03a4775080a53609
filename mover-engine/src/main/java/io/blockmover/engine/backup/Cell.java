package io.blockmover.engine.backup;

import static io.blockmover.repository.fingerprint.PieceFingerprint.PIECE_BYTES;

import io.blockmover.api.Extent;
import io.blockmover.repository.map.MapEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    EXACT,
    /** Not listed, but read all the same, to see whether it is as in the parent. */
    CHECK_KEPT,
    /** Not listed and so zeros, but read all the same, to see whether it is. */
    CHECK_ZERO
  }

  private final Action[] actions;
  private final ParentPieces.States parent;
  private final List<Extent> exact = new ArrayList<>();
  private final List<Extent> checks = new ArrayList<>();
  private @Nullable List<MapEntry> stored;
  private long exactBytes;
  private boolean fragmented;
  private boolean healed;
  private boolean assumedChanged;
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
    checks.clear();
    stored = null;
    exactBytes = 0;
    fragmented = false;
    healed = false;
    assumedChanged = false;
    Arrays.fill(actions, Action.KEEP);
  }

  /**
   * Lists the pieces of an extent. Unless it is exact or checked, it is aligned to pieces, or ends
   * with the volume, or begins or ends where an exact one does.
   */
  void list(long from, long to, Action action) {
    if (action == Action.CHECK_KEPT || action == Action.CHECK_ZERO) {
      checks.add(Extent.between(from, to));
    }
    if (action == Action.CHECK_KEPT) {
      return; // nothing is done about it, and its first or last piece may be listed in part
    }
    int first = (int) ((from - offset) / PIECE_BYTES);
    int end = (int) ((to - offset + PIECE_BYTES - 1) / PIECE_BYTES);
    Arrays.fill(actions, first, end, action == Action.CHECK_ZERO ? Action.ZERO : action);
    if (action == Action.EXACT) {
      BadBlocks.append(exact, Extent.between(from, to)); // many trackers list block by block
      exactBytes += to - from;
    }
  }

  /** Whether some of it is exact and some to be compared: a tracker gave up within it. */
  boolean isMixed() {
    return !exact.isEmpty() && (has(Action.READ) || has(Action.ZERO));
  }

  private boolean has(Action action) {
    return Arrays.asList(actions).contains(action);
  }

  /** Gives up exactness: reads what was listed, in whole pieces, and compares. */
  void compareInstead() {
    exact.clear();
    for (int piece = 0; piece < actions.length; piece++) {
      if (actions[piece] == Action.EXACT) {
        actions[piece] = Action.READ;
      }
    }
  }

  /** Asks for {@link #heal}, if all of the cell can be read. */
  void suggestHealing() {
    fragmented = true;
  }

  /** Whether it has fallen into so many parts that it should be stored whole again. */
  boolean isFragmented() {
    return fragmented;
  }

  /** Has all of it stored as if it were new, so that it becomes one chunk again. */
  void heal() {
    exact.clear();
    Arrays.fill(actions, 0, pieces(), Action.READ);
    healed = true;
  }

  /** Of what has no fingerprint it is known that it changed: nothing is fetched for it. */
  void assumeChanged() {
    assumedChanged = true;
  }

  /** Whether pieces without fingerprint count as changed, without a comparison. */
  boolean isAssumedChanged() {
    return assumedChanged;
  }

  /** Whether it is stored whole, changed or not. */
  boolean isHealed() {
    return healed;
  }

  /** The bytes that were listed as changed for certain. */
  long exactBytes() {
    return exactBytes;
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

  /** Extents that are read only to see whether the list tells the truth about them, ascending. */
  List<Extent> checks() {
    return checks;
  }

  /** What the parent's map says of the cell; null if that was not looked up. */
  @Nullable List<MapEntry> stored() {
    return stored;
  }

  void stored(@Nullable List<MapEntry> entries) {
    stored = entries;
  }

  ParentPieces.States parent() {
    return parent;
  }
}
