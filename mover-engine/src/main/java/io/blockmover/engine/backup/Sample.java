package io.blockmover.engine.backup;

import static io.blockmover.repository.fingerprint.PieceFingerprint.PIECE_BYTES;

import io.blockmover.api.Extent;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The places where a list is tested: cells picked in a keyed order that goes on from backup to
 * backup, so that all get their turn, and the borders of some extents, where a tracker that rounds
 * wrongly errs. Asked in ascending order, by one thread at a time.
 */
final class Sample {

  /** Twice what has to be read at least: up to half of them lie in what is listed anyway. */
  static final int MIN_CELLS = 32;

  /** Half a megabyte of memory; the rest of a huge volume has its turn in the next backups. */
  static final int MAX_CELLS = 1 << 16;

  private final long[] cells;
  private final int chunkBytes;
  private final long volumeBytes;
  private final RandomGenerator random;
  private int next;
  private long extents;
  private long nextBorder;

  private Sample(long[] cells, int chunkBytes, long volumeBytes, RandomGenerator random) {
    this.cells = cells;
    this.chunkBytes = chunkBytes;
    this.volumeBytes = volumeBytes;
    this.random = random;
  }

  /**
   * Picks.
   *
   * @param rate which part of the cells; 0 for none at all
   * @param cursor how many have been picked in all backups before
   * @param random chooses borders
   */
  static Sample pick(
      byte[] key,
      long volumeBytes,
      int chunkBytes,
      double rate,
      long cursor,
      RandomGenerator random) {
    long all = (volumeBytes + chunkBytes - 1) / chunkBytes;
    if (rate == 0 || all == 0) {
      return none();
    }
    long wanted = Math.max(MIN_CELLS, (long) Math.ceil(rate * all));
    long[] cells = new long[(int) Math.min(Math.min(wanted, MAX_CELLS), all)];
    CellPermutation order = new CellPermutation(key, all);
    for (int i = 0; i < cells.length; i++) {
      cells[i] = order.at((cursor + i) % all);
    }
    Arrays.sort(cells);
    return new Sample(cells, chunkBytes, volumeBytes, random);
  }

  /** Nothing is tested. */
  static Sample none() {
    return new Sample(new long[0], 1, 0, RandomGenerator.getDefault());
  }

  /** How many cells were picked. */
  int size() {
    return cells.length;
  }

  /** The next stretch that was picked between two offsets, in whole pieces; null if none. */
  @Nullable Extent next(long from, long to) {
    while (next < cells.length && cells[next] * chunkBytes < to) {
      long start = up(Math.max(from, cells[next] * chunkBytes));
      long end = Math.min(to, (cells[next] + 1) * chunkBytes);
      end = end >= volumeBytes ? volumeBytes : end / PIECE_BYTES * PIECE_BYTES;
      if (start < end) {
        return Extent.between(start, end);
      }
      if ((cells[next] + 1) * chunkBytes > to) {
        return null; // the next gap may have more of this cell
      }
      next++;
    }
    return null;
  }

  private static long up(long offset) {
    return (offset + PIECE_BYTES - 1) / PIECE_BYTES * PIECE_BYTES;
  }

  /** Whether the next listed extent is one whose borders are looked at: ever fewer. */
  boolean takesBorder() {
    if (cells.length == 0 || extents++ < nextBorder) {
      return false;
    }
    nextBorder = extents + random.nextLong(extents);
    return true;
  }
}
