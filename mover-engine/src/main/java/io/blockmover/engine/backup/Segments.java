package io.blockmover.engine.backup;

import static io.blockmover.repository.fingerprint.PieceFingerprint.PIECE_BYTES;

import io.blockmover.api.Cancelled;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ExtentCursor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a tracker listed and what the source knows of its holes into segments: ascending,
 * disjoint, rounded outwards to pieces (or to 4 KiB where the tracker is exact). Where the list
 * breaks off, it goes on with the next one.
 */
final class Segments implements AutoCloseable {

  /** Where the lists come from. */
  interface Lists {

    /**
     * The list that goes on from an offset, in place of one that failed.
     *
     * @param from all before it has been dealt with
     * @return null if the pass should end here, for all will be looked at again
     */
    @Nullable Listing after(Listing failed, MoverException why, long from) throws MoverException;

    /** The list to go on with: {@code current}, unless it is not to be believed any more. */
    @Nullable Listing stillGood(Listing current, long from) throws MoverException;

    /** Of one list that must not fail. */
    Lists ONLY_ONE =
        new Lists() {
          @Override
          public Listing after(Listing failed, MoverException why, long from)
              throws MoverException {
            throw why;
          }

          @Override
          public Listing stillGood(Listing current, long from) {
            return current;
          }
        };
  }

  private final BlockSource source;
  private final Lists lists;
  private final Sample sample;
  private final long grownFrom;
  private @Nullable Listing listing;
  private @Nullable Gap gap;
  private boolean gapStartsAtBorder;
  private @Nullable Extent current;
  private @Nullable ExtentCursor data;
  private @Nullable Segment held;
  private long listedTo;
  private long doneTo;

  /**
   * @param first the list to begin with; closed with this
   * @param sample what to look at although it is not listed
   * @param oldVolumeBytes how long the parent is, if a list tells changes
   */
  Segments(BlockSource source, Listing first, Lists lists, Sample sample, long oldVolumeBytes) {
    this.source = source;
    this.lists = lists;
    this.listing = first;
    this.sample = sample;
    this.grownFrom =
        oldVolumeBytes < source.sizeBytes()
            ? oldVolumeBytes / PIECE_BYTES * PIECE_BYTES
            : Long.MAX_VALUE;
  }

  /** Of one list that must not fail and is not tested. */
  Segments(BlockSource source, Listing only) {
    this(source, only, Lists.ONLY_ONE, Sample.none(), Long.MAX_VALUE);
  }

  /** Leaves out what lies before an offset; to be called before the first segment is asked for. */
  void startAt(long offset) {
    listedTo = offset;
  }

  /** The next segment, or null at the end of the volume. */
  @Nullable Segment next() throws MoverException {
    while (true) {
      if (held != null) {
        Segment result = held;
        held = null;
        return result;
      }
      Segment unlisted = gap == null ? null : gap.next();
      if (unlisted != null) {
        return unlisted;
      }
      gap = null;
      Extent within = current;
      if (within == null) {
        if (listing == null) {
          return null;
        }
        advance(listing);
      } else {
        Segment segment = data == null ? wholeOf(within) : nextData(within, data);
        if (segment != null) {
          return segment;
        }
      }
    }
  }

  /** Takes the next listed extent, with the gap before it; at the end of the list, the last gap. */
  private void advance(Listing list) throws MoverException {
    Listing good = lists.stillGood(list, listedTo);
    if (!list.equals(good)) {
      enter(good);
      return;
    }
    Extent extent;
    try {
      extent = list.extents().next();
    } catch (Cancelled e) {
      throw e;
    } catch (MoverException e) {
      enter(lists.after(list, e, listedTo));
      return;
    }
    if (extent == null) {
      gap = gapTo(source.sizeBytes(), list, false);
      listedTo = source.sizeBytes();
      list.extents().close();
      listing = null;
      return;
    }
    long from = Math.max(down(extent.offset()), listedTo);
    long to = up(extent.end());
    if (from >= to) {
      return;
    }
    boolean border = list.kind() != Listing.Kind.DEVICE && sample.takesBorder();
    gap = gapTo(from, list, border);
    gapStartsAtBorder = border;
    listedTo = to;
    doneTo = from;
    current = Extent.between(from, to);
    // Holes have no place among exact extents, whose pieces are stored in part: they are read.
    data = list.isExact() ? null : source.allocated(current).orElse(null);
  }

  private @Nullable Gap gapTo(long end, Listing list, boolean border) {
    boolean counts = list.kind() != Listing.Kind.DEVICE && listedTo < end;
    return counts
        ? new Gap(
            Extent.between(listedTo, end),
            list.kind() == Listing.Kind.DELTA ? grownFrom : Long.MAX_VALUE,
            list.kind() == Listing.Kind.ALLOCATED,
            sample,
            gapStartsAtBorder,
            border)
        : null;
  }

  /** Goes on with another list. A piece that was dealt with in part is read whole then. */
  private void enter(@Nullable Listing next) {
    if (listing != null) {
      listing.extents().close();
    }
    listing = next;
    gapStartsAtBorder = false;
    if (next != null && !next.isExact() && listedTo < up(listedTo)) {
      held = new Segment(Extent.between(listedTo, up(listedTo)), Cell.Action.READ);
      listedTo = up(listedTo);
    }
  }

  private Segment wholeOf(Extent within) {
    current = null;
    boolean exact = listing != null && listing.isExact();
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

  private int grainBytes() {
    return listing != null && listing.isExact() ? CellPlanner.EXACT_BYTES : PIECE_BYTES;
  }

  private long down(long offset) {
    return offset / grainBytes() * grainBytes();
  }

  private long up(long offset) {
    long rounded = (offset + grainBytes() - 1) / grainBytes() * grainBytes();
    return Math.min(rounded, source.sizeBytes());
  }

  @Override
  public void close() {
    Optional.ofNullable(data).ifPresent(ExtentCursor::close);
    Optional.ofNullable(listing).ifPresent(list -> list.extents().close());
  }
}
