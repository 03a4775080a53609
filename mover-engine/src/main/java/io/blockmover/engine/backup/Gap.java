package io.blockmover.engine.backup;

import static io.blockmover.repository.fingerprint.PieceFingerprint.PIECE_BYTES;

import io.blockmover.api.Extent;
import org.jspecify.annotations.Nullable;

/**
 * A stretch that a list left out. Nothing is done about it, or it is zeros; but what the sample
 * picked of it is looked at, and what the volume has grown by is read in any case.
 */
final class Gap {

  private final long to;
  private final long grownFrom;
  private final boolean zero;
  private final Sample sample;
  private final boolean checkEnd;
  private boolean checkStart;
  private long at;

  /**
   * @param grownFrom from there on there was nothing before that it could be the same as
   * @param zero whether it is zeros, or as in the parent
   * @param checkStart whether to look at its first piece, and {@code checkEnd} at its last one
   */
  Gap(
      Extent extent,
      long grownFrom,
      boolean zero,
      Sample sample,
      boolean checkStart,
      boolean checkEnd) {
    this.at = extent.offset();
    this.to = extent.end();
    this.grownFrom = Math.min(Math.max(at, grownFrom), to);
    this.zero = zero;
    this.sample = sample;
    this.checkStart = checkStart;
    this.checkEnd = checkEnd && this.grownFrom == to;
  }

  /** The next segment; null at the end. */
  @Nullable Segment next() {
    if (at >= grownFrom) {
      return at < to ? upTo(to, Cell.Action.READ) : null;
    }
    if (checkStart) {
      checkStart = false;
      return check(Math.min(grownFrom, (at / PIECE_BYTES + 1) * PIECE_BYTES));
    }
    long end = checkEnd ? Math.max(at, (to - 1) / PIECE_BYTES * PIECE_BYTES) : grownFrom;
    Extent picked = sample.next(at, end);
    if (picked != null && picked.offset() == at) {
      return check(picked.end());
    }
    long stop = picked == null ? end : picked.offset();
    if (at < stop) {
      if (zero) {
        return upTo(stop, Cell.Action.ZERO);
      }
      at = stop;
      return next();
    }
    return check(to); // the last piece, for all before it is done
  }

  private Segment check(long end) {
    return upTo(end, zero ? Cell.Action.CHECK_ZERO : Cell.Action.CHECK_KEPT);
  }

  private Segment upTo(long end, Cell.Action action) {
    Segment segment = new Segment(Extent.between(at, end), action);
    at = end;
    return segment;
  }
}
