package io.blockmover.engine.fetch;

import io.blockmover.api.Extent;
import io.blockmover.repository.fingerprint.PieceFingerprint;
import io.blockmover.repository.map.MapEntry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A part of a volume, small enough to be planned in memory. Its ends lie between pieces, or at the
 * end of the volume. What is neither data nor zero in it is lost.
 *
 * @param from first offset
 * @param to end
 * @param data ascending and disjoint
 * @param zeros ascending and disjoint
 */
public record MapWindow(long from, long to, List<MapEntry.Data> data, List<Extent> zeros) {

  private static final long PIECE = PieceFingerprint.PIECE_BYTES;

  public MapWindow {
    data = List.copyOf(data);
    zeros = List.copyOf(zeros);
  }

  /** The number of the piece of the volume with which it begins. */
  public long firstPiece() {
    return from / PIECE;
  }

  /** How many pieces, the last one perhaps shorter. */
  public int pieces() {
    return Math.toIntExact(Math.ceilDiv(to, PIECE) - firstPiece());
  }

  /** The pieces, counted from the window's first, that hold some data. */
  BitSet piecesWithData() {
    BitSet result = new BitSet(pieces());
    data.forEach(entry -> result.set(piece(entry.offset()), piece(entry.end() - 1) + 1));
    return result;
  }

  /** The pieces of which something is lost. */
  BitSet piecesWithLosses() {
    BitSet result = new BitSet(pieces());
    int nextData = 0;
    int nextZero = 0;
    long at = from;
    while (at < to) {
      long start = to;
      long end = to;
      if (nextData < data.size() && data.get(nextData).offset() < start) {
        start = data.get(nextData).offset();
        end = data.get(nextData).end();
      }
      if (nextZero < zeros.size() && zeros.get(nextZero).offset() < start) {
        start = zeros.get(nextZero).offset();
        end = zeros.get(nextZero).end();
        nextZero++;
      } else {
        nextData++;
      }
      if (start > at) {
        result.set(piece(at), piece(start - 1) + 1);
      }
      at = end;
    }
    return result;
  }

  private int piece(long offset) {
    return Math.toIntExact(offset / PIECE - firstPiece());
  }

  /** What it holds in some pieces only, counted from the window's first. */
  public MapWindow only(BitSet pieces) {
    List<MapEntry.Data> someData = new ArrayList<>();
    for (MapEntry.Data entry : data) {
      for (Extent part : runs(pieces, entry.offset(), entry.end())) {
        someData.add(entry.part(part.offset(), part.end()));
      }
    }
    List<Extent> someZeros = new ArrayList<>();
    for (Extent zero : zeros) {
      someZeros.addAll(runs(pieces, zero.offset(), zero.end()));
    }
    return new MapWindow(from, to, someData, someZeros);
  }

  private List<Extent> runs(BitSet pieces, long start, long end) {
    List<Extent> runs = new ArrayList<>(1);
    long at = start;
    while (at < end) {
      int first = pieces.nextSetBit(piece(at));
      if (first < 0) {
        break;
      }
      long runStart = Math.max(at, from + first * PIECE);
      long runEnd = Math.min(end, from + pieces.nextClearBit(first) * PIECE);
      if (runStart >= end) {
        break;
      }
      runs.add(Extent.between(runStart, runEnd));
      at = runEnd;
    }
    return runs;
  }
}
