package io.blockmover.engine.backup;

import static io.blockmover.repository.fingerprint.PieceFingerprint.PIECE_BYTES;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.engine.backup.Workbenches.Workbench;
import io.blockmover.repository.fingerprint.PieceState;
import io.blockmover.repository.map.MapEntry;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The way of one cell from the device to a pack: read, zero test, fingerprint, compare with the
 * parent, and what is new to a chunk. Each worker thread has its own; what computing needs is
 * shared ({@link Workbenches}).
 */
final class CellWorker {

  private static final byte[] NO_FINGERPRINT = new byte[0];

  private final SourceReader reader;
  private final Deduplication deduplication;
  private final Workbenches benches;
  private final boolean hasParent;
  private final StoredBytes stored;
  private final ListVerdict verdict;
  private final PassTally tally;
  private final ByteBuffer buffer;
  private final MemorySegment memory;
  private final byte[] found = new byte[16];

  private List<CellResult.Run> runs = new ArrayList<>();
  private List<CellResult.Piece> pieces = new ArrayList<>();
  private List<Extent> bad = new ArrayList<>();

  /**
   * @param buffer direct, aligned as the source wants it, as long as a cell
   * @param hasParent whether zeros must be told (they replace something)
   * @param stored what a piece without fingerprint is compared with
   * @param verdict hears of places that a list should not have left out
   */
  CellWorker(
      SourceReader reader,
      Deduplication deduplication,
      Workbenches benches,
      boolean hasParent,
      StoredBytes stored,
      ListVerdict verdict,
      PassTally tally,
      ByteBuffer buffer) {
    this.reader = reader;
    this.deduplication = deduplication;
    this.benches = benches;
    this.hasParent = hasParent;
    this.stored = stored;
    this.verdict = verdict;
    this.tally = tally;
    this.buffer = buffer;
    this.memory = MemorySegment.ofBuffer(buffer.duplicate().clear());
  }

  CellResult process(Cell cell) throws MoverException, InterruptedException {
    runs = new ArrayList<>();
    pieces = new ArrayList<>();
    bad = new ArrayList<>();
    if (cell.isFragmented() && reader.tryRead(extentOf(cell), buffer.duplicate())) {
      cell.heal();
    }
    boolean exact = !cell.exact().isEmpty();
    if (exact) {
      readExact(cell);
    } else if (!cell.isHealed()) {
      readListed(cell);
    }
    List<Extent> checks = readChecks(cell);
    boolean[] same = compareWithStored(cell);
    Workbench bench = benches.take();
    try {
      if (exact) {
        storeExact(cell, bench);
      } else {
        compare(cell, same, bench);
      }
      Extent lie =
          checks.isEmpty()
              ? null
              : new ListCheck(memory, stored).find(cell, checks, bench.fingerprint());
      if (lie != null) {
        verdict.caught(lie);
      }
    } finally {
      benches.giveBack(bench);
    }
    return new CellResult(extentOf(cell), runs, pieces, changed(cell), bad, looked(cell));
  }

  private static Extent extentOf(Cell cell) {
    return new Extent(cell.offset(), cell.lengthBytes());
  }

  private long changed(Cell cell) {
    if (cell.isHealed()) {
      tally.healedBytes.add(cell.lengthBytes());
      return cell.exactBytes();
    }
    long changed = 0;
    for (CellResult.Run run : runs) {
      changed += run.extent().length();
    }
    return changed;
  }

  private static List<Extent> looked(Cell cell) {
    if (!cell.exact().isEmpty()) {
      return List.copyOf(cell.exact());
    }
    List<Extent> looked = new ArrayList<>(1);
    for (int piece = 0; piece < cell.pieces(); piece++) {
      if (cell.action(piece) != Cell.Action.KEEP) {
        BadBlocks.append(
            looked, new Extent(cell.offset() + (long) piece * PIECE_BYTES, cell.pieceBytes(piece)));
      }
    }
    return looked;
  }

  /** What is to be checked and could be read; it is in the buffer then. */
  private List<Extent> readChecks(Cell cell) throws MoverException {
    if (cell.checks().isEmpty() || verdict.isVoid()) {
      return List.of();
    }
    List<Extent> readable = new ArrayList<>();
    for (Extent check : cell.checks()) {
      int from = (int) (check.offset() - cell.offset());
      if (cell.isHealed() || reader.sample(check, buffer.slice(from, buffer.capacity() - from))) {
        tally.sampledBytes.add(check.length());
        readable.add(check);
      }
    }
    return readable;
  }

  /** Which pieces hold what is stored, of those whose fingerprint is not known. */
  private boolean[] compareWithStored(Cell cell) throws MoverException, InterruptedException {
    boolean[] same = new boolean[cell.pieces()];
    List<MapEntry> entries = cell.isHealed() || cell.isAssumedChanged() ? null : cell.stored();
    for (int piece = 0; piece < same.length && entries != null; piece++) {
      if (cell.action(piece) == Cell.Action.READ
          && cell.parent().state(piece) == PieceState.UNKNOWN) {
        Extent extent =
            new Extent(cell.offset() + (long) piece * PIECE_BYTES, cell.pieceBytes(piece));
        same[piece] = stored.readable() && stored.same(entries, extent, memory, cell.offset());
        if (!stored.readable()) {
          tally.storedAgainBytes.add(extent.length());
        }
      }
    }
    return same;
  }

  /** Stores runs of pieces that differ from the parent. */
  private void compare(Cell cell, boolean[] same, Workbench bench)
      throws MoverException, InterruptedException {
    int runStart = -1;
    boolean runZero = false;
    for (int piece = 0; piece < cell.pieces(); piece++) {
      PieceState state =
          cell.action(piece) == Cell.Action.KEEP ? PieceState.ZERO : stateOf(cell, piece, bench);
      boolean changed =
          cell.action(piece) != Cell.Action.KEEP && !same[piece] && changed(cell, piece, state);
      boolean zero = state == PieceState.ZERO;
      if (runStart >= 0 && (!changed || zero != runZero)) {
        endRun(cell, runStart, piece, runZero, bench);
        runStart = -1;
      }
      if (changed || same[piece]) { // of what is the same, the fingerprint is known from now on
        pieces.add(
            new CellResult.Piece(
                cell.offset() / PIECE_BYTES + piece, state, zero ? NO_FINGERPRINT : found.clone()));
        if (changed && runStart < 0) {
          runStart = piece;
          runZero = zero;
        }
      }
    }
    if (runStart >= 0) {
      endRun(cell, runStart, cell.pieces(), runZero, bench);
    }
  }

  private void readListed(Cell cell) throws MoverException {
    int piece = 0;
    while (piece < cell.pieces()) {
      int end = piece;
      while (end < cell.pieces() && cell.action(end) == Cell.Action.READ) {
        end++;
      }
      if (end > piece) {
        int from = piece * PIECE_BYTES;
        int length = Math.min(end * PIECE_BYTES, cell.lengthBytes()) - from;
        reader.read(
            new Extent(cell.offset() + from, length),
            buffer.slice(from, buffer.capacity() - from),
            bad);
      }
      piece = Math.max(end, piece + 1);
    }
  }

  /** Zero or known; if known, its fingerprint is in {@link #found}. */
  private PieceState stateOf(Cell cell, int piece, Workbench bench) {
    if (cell.action(piece) == Cell.Action.ZERO
        || Zeros.only(memory, (long) piece * PIECE_BYTES, cell.pieceBytes(piece))) {
      return PieceState.ZERO;
    }
    bench.fingerprint().compute(memory, (long) piece * PIECE_BYTES, cell.pieceBytes(piece), found);
    return PieceState.KNOWN;
  }

  private boolean changed(Cell cell, int piece, PieceState state) {
    if (cell.isHealed()) {
      return true;
    }
    return state == PieceState.ZERO
        ? cell.parent().state(piece) != PieceState.ZERO
        : !cell.parent().hasFingerprint(piece, found);
  }

  private void endRun(Cell cell, int firstPiece, int endPiece, boolean zero, Workbench bench)
      throws MoverException, InterruptedException {
    int from = firstPiece * PIECE_BYTES;
    int to = Math.min(endPiece * PIECE_BYTES, cell.lengthBytes());
    add(cell, from, to - from, zero, bench);
  }

  private void add(Cell cell, int from, int length, boolean zero, Workbench bench)
      throws MoverException, InterruptedException {
    Extent extent = new Extent(cell.offset() + from, length);
    if (!zero) {
      runs.add(
          new CellResult.Run(
              extent, deduplication.place(buffer.slice(from, length), bench.writer())));
    } else if (hasParent) {
      runs.add(new CellResult.Run(extent, null));
    }
  }

  /**
   * Stores what a tracker called changed as it is; pieces touched in part lose their fingerprint.
   */
  private void storeExact(Cell cell, Workbench bench) throws MoverException, InterruptedException {
    PieceState[] touched = new PieceState[cell.pieces()];
    Arrays.fill(touched, PieceState.ZERO);
    for (Extent extent : cell.exact()) {
      int from = (int) (extent.offset() - cell.offset());
      int length = (int) extent.length();
      add(cell, from, length, Zeros.only(memory, from, length), bench);
      for (int piece = from / PIECE_BYTES; piece * PIECE_BYTES < from + length; piece++) {
        boolean whole =
            from <= piece * PIECE_BYTES
                && piece * PIECE_BYTES + cell.pieceBytes(piece) <= from + length;
        touched[piece] = whole ? PieceState.KNOWN : PieceState.UNKNOWN;
      }
    }
    for (int piece = 0; piece < touched.length; piece++) {
      if (touched[piece] != PieceState.ZERO) {
        PieceState state =
            touched[piece] == PieceState.UNKNOWN ? touched[piece] : stateOf(cell, piece, bench);
        pieces.add(
            new CellResult.Piece(
                cell.offset() / PIECE_BYTES + piece,
                state,
                state == PieceState.KNOWN ? Arrays.copyOf(found, found.length) : NO_FINGERPRINT));
      }
    }
  }

  private void readExact(Cell cell) throws MoverException {
    for (Extent extent : cell.exact()) {
      int from = (int) (extent.offset() - cell.offset());
      reader.read(extent, buffer.slice(from, buffer.capacity() - from), bad);
    }
  }
}
