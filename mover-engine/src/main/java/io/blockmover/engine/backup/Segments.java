package io.blockmover.engine.backup;

import static io.blockmover.repository.fingerprint.PieceFingerprint.PIECE_BYTES;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a tracker listed and what the source knows of its holes into segments: ascending,
 * disjoint, rounded outwards to pieces (or to 4 KiB where the tracker is exact).
 */
final class Segments implements AutoCloseable {

  private final BlockSource source;
  private final ExtentCursor listed;
  private final boolean unlistedIsZero;
  private final boolean exact;
  private final int grainBytes;
  private @Nullable Extent current;
  private @Nullable ExtentCursor data;
  private @Nullable Segment held;
  private long listedTo;
  private long doneTo;

  /**
   * @param listed by the tracker; closed with this
   * @param unlistedIsZero whether the rest of the volume is zeros (a list of allocated extents) and
   *     not unchanged (a delta)
   */
  Segments(BlockSource source, ExtentCursor listed, ExtentQuality quality, boolean unlistedIsZero) {
    this.source = source;
    this.listed = listed;
    this.unlistedIsZero = unlistedIsZero;
    this.exact = quality == ExtentQuality.EXACT;
    this.grainBytes = exact ? CellPlanner.EXACT_BYTES : PIECE_BYTES;
  }

  /** Leaves out what lies before an offset; to be called before the first segment is asked for. */
  void startAt(long offset) {
    listedTo = offset;
  }

  /** The next segment, or null at the end of the volume. */
  @Nullable Segment next() throws MoverException {
    if (held != null) {
      Segment result = held;
      held = null;
      return result;
    }
    while (true) {
      Extent within = current;
      if (within == null) {
        within = nextListed();
        if (within == null) {
          return trailingZero();
        }
        Segment gap = gapBefore(within);
        current = within;
        // Holes have no place among exact extents, whose pieces are stored in part: they are read.
        data = exact ? null : source.allocated(within).orElse(null);
        if (gap != null) {
          return gap;
        }
      }
      Segment segment = data == null ? wholeOf(within) : nextData(within, data);
      if (segment != null) {
        return segment;
      }
    }
  }

  /** The next listed extent, rounded outwards and cut to what is new. */
  private @Nullable Extent nextListed() throws MoverException {
    while (true) {
      Extent extent = listed.next();
      if (extent == null) {
        return null;
      }
      long from = Math.max(down(extent.offset()), listedTo);
      long to = up(extent.end());
      if (from < to) {
        return Extent.between(from, to);
      }
    }
  }

  private @Nullable Segment gapBefore(Extent extent) {
    long from = listedTo;
    listedTo = extent.end();
    doneTo = extent.offset();
    return unlistedIsZero && from < extent.offset()
        ? new Segment(Extent.between(from, extent.offset()), Cell.Action.ZERO)
        : null;
  }

  private @Nullable Segment trailingZero() {
    long from = listedTo;
    listedTo = source.sizeBytes();
    return unlistedIsZero && from < listedTo
        ? new Segment(Extent.between(from, listedTo), Cell.Action.ZERO)
        : null;
  }

  private Segment wholeOf(Extent within) {
    current = null;
    return new Segment(within, exact ? Cell.Action.EXACT : Cell.Action.READ);
  }

  /** The next stretch of data or of hole inside a listed extent; null when it is used up. */
  private @Nullable Segment nextData(Extent within, ExtentCursor cursor) throws MoverException {
    Extent extent = cursor.next();
    while (extent != null && up(extent.end()) <= doneTo) {
      extent = cursor.next();
    }
    long holeEnd = extent == null ? within.end() : Math.max(down(extent.offset()), doneTo);
    Segment hole =
        doneTo < holeEnd ? new Segment(Extent.between(doneTo, holeEnd), Cell.Action.ZERO) : null;
    if (extent == null) {
      cursor.close();
      data = null;
      current = null;
      return hole;
    }
    long end = Math.min(up(extent.end()), within.end());
    Segment read = new Segment(Extent.between(holeEnd, end), Cell.Action.READ);
    doneTo = end;
    if (hole == null) {
      return read;
    }
    held = read;
    return hole;
  }

  private long down(long offset) {
    return offset / grainBytes * grainBytes;
  }

  private long up(long offset) {
    return Math.min((offset + grainBytes - 1) / grainBytes * grainBytes, source.sizeBytes());
  }

  @Override
  public void close() {
    Optional.ofNullable(data).ifPresent(ExtentCursor::close);
    listed.close();
  }
}
