package io.blockmover.engine.backup;

import static io.blockmover.repository.fingerprint.PieceFingerprint.PIECE_BYTES;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.fingerprint.PieceState;
import io.blockmover.repository.map.MapEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts segments into cells and hands them to the workers, in the volume's order. What needs no work
 * (kept, or a hole that was one before) is passed over without a cell. Thread-safe.
 */
final class CellPlanner {

  /** The grain of exact extents. */
  static final int EXACT_BYTES = 4096;

  /** More exact extents than this in one cell, and their pieces are read and compared. */
  static final int MAX_FRAGMENTS = 16;

  /** More entries of the map than this in one cell, and it is stored whole again. */
  static final int MAX_ENTRIES = 64;

  private final Segments segments;
  private final ParentPieces parent;
  private final long volumeBytes;
  private final int chunkBytes;
  private final Progress progress;
  private @Nullable Segment segment;
  private long position;
  private long sequence;

  CellPlanner(
      Segments segments, ParentPieces parent, long volumeBytes, int chunkBytes, Progress progress) {
    this.segments = segments;
    this.parent = parent;
    this.volumeBytes = volumeBytes;
    this.chunkBytes = chunkBytes;
    this.progress = progress;
  }

  /** Fills {@code cell} with the next work; false when there is none left. */
  synchronized boolean next(Cell cell) throws MoverException {
    while (true) {
      if (segment == null) {
        segment = segments.next();
        if (segment == null) {
          return false;
        }
      }
      long from = Math.max(position, segment.extent().offset());
      if (segment.action() == Cell.Action.ZERO) {
        long work = firstNonZero(from);
        if (work >= segment.extent().end()) {
          progress.done(segment.extent().end() - from);
          position = segment.extent().end();
          segment = null;
          continue;
        }
        progress.done(work - from);
        from = work;
      }
      fill(cell, from);
      return true;
    }
  }

  private long firstNonZero(long from) throws MoverException {
    long piece = parent.nextNonZero(from / PIECE_BYTES);
    return piece == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(from, piece * PIECE_BYTES);
  }

  private void fill(Cell cell, long from) throws MoverException {
    long start = from / chunkBytes * chunkBytes;
    long end = Math.min(start + chunkBytes, volumeBytes);
    cell.reset(sequence++, start, (int) (end - start));
    position = from;
    while (segment != null && segment.extent().offset() < end) {
      long to = Math.min(segment.extent().end(), end);
      cell.list(Math.max(position, segment.extent().offset()), to, segment.action());
      position = to;
      if (segment.extent().end() > end) {
        break;
      }
      segment = segments.next();
    }
    parent.load(start / PIECE_BYTES, cell.pieces(), cell.parent());
    cell.checks().removeIf(parent::couldNotBeRead); // it has zeros there that may not be true
    if (cell.isMixed()) {
      cell.compareInstead();
    }
    boolean exact = !cell.exact().isEmpty();
    if (exact || needsStored(cell)) {
      cell.stored(parent.entries(start, end));
    }
    if (cell.exact().size() > MAX_FRAGMENTS) {
      cell.compareInstead();
      cell.assumeChanged();
    } else if (exact && entriesAfter(cell) > MAX_ENTRIES) {
      cell.suggestHealing();
    }
  }

  /** Whether something of it can only be compared with the stored bytes themselves. */
  private static boolean needsStored(Cell cell) {
    if (!cell.checks().isEmpty() && cell.lengthBytes() % PIECE_BYTES != 0) {
      return true;
    }
    for (int piece = 0; piece < cell.pieces(); piece++) {
      if (cell.parent().state(piece) == PieceState.UNKNOWN
          && (cell.action(piece) == Cell.Action.READ || !cell.checks().isEmpty())) {
        return true;
      }
    }
    return false;
  }

  /** How many entries of the map the cell would have with its exact extents. */
  private static int entriesAfter(Cell cell) {
    int count = cell.exact().size();
    List<MapEntry> before = cell.stored();
    for (MapEntry entry : before == null ? List.<MapEntry>of() : before) {
      long position = entry.offset();
      for (Extent extent : cell.exact()) {
        if (extent.offset() < entry.end() && extent.end() > position) {
          count += extent.offset() > position ? 1 : 0;
          position = extent.end();
        }
      }
      count += position < entry.end() ? 1 : 0;
    }
    return count;
  }
}
