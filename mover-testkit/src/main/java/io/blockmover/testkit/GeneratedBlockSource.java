package io.blockmover.testkit;

import io.blockmover.api.Cancelled;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ExtentCursor;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A volume of up to 64 TiB whose bytes are computed when they are read, from a seed: the same seed
 * and shape give the same bytes. Made for tests of scale, so that generating costs little more than
 * copying. Decides region by region (1 MiB) whether something is allocated, and piece by piece (64
 * KiB) what it holds. Knows its allocated extents. Thread-safe.
 */
public final class GeneratedBlockSource implements BlockSource {

  /** What is allocated or not, as a whole. */
  public static final int REGION_BYTES = 1 << 20;

  /** What is zero, duplicate, changed or not, as a whole. */
  public static final int PIECE_BYTES = 64 << 10;

  private final long sizeBytes;
  private final VolumeShape shape;
  private final PieceContent content;
  private final long generation;
  private final double changedShare;
  private volatile boolean closed;

  public GeneratedBlockSource(long sizeBytes, long seed, VolumeShape shape) {
    this(sizeBytes, shape, new PieceContent(seed, shape), 0, 0);
    if (sizeBytes < 0 || sizeBytes > 64L << 40) {
      throw new IllegalArgumentException("size is " + sizeBytes);
    }
  }

  private GeneratedBlockSource(
      long sizeBytes,
      VolumeShape shape,
      PieceContent content,
      long generation,
      double changedShare) {
    this.sizeBytes = sizeBytes;
    this.shape = shape;
    this.content = content;
    this.generation = generation;
    this.changedShare = changedShare;
  }

  /**
   * The same volume, later: a share of the pieces in allocated regions holds something new.
   *
   * @param newGeneration not 0; another one changes other pieces
   */
  public GeneratedBlockSource changed(long newGeneration, double share) {
    return new GeneratedBlockSource(sizeBytes, shape, content, newGeneration, share);
  }

  /** What differs between this volume, made by {@link #changed}, and the one it was made from. */
  public ExtentCursor changes() {
    return pieces(new Extent(0, Math.max(1, sizeBytes)), PIECE_BYTES, this::isChanged);
  }

  @Override
  public String name() {
    return "generated";
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public int alignmentBytes() {
    return 1;
  }

  @Override
  public Optional<String> immutableIdentity() {
    return Optional.of(content.seed() + "/" + generation + "/" + changedShare);
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    if (closed) {
      throw new DeviceFailed("generated volume is closed", "");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("interrupted before reading", "");
    }
    if (offset < 0 || offset > sizeBytes) {
      throw new IllegalArgumentException("offset " + offset + " of " + sizeBytes);
    }
    int length = (int) Math.min(into.remaining(), sizeBytes - offset);
    int done = 0;
    while (done < length) {
      long at = offset + done;
      int within = (int) (at % PIECE_BYTES);
      int part = Math.min(PIECE_BYTES - within, length - done);
      long piece = at / PIECE_BYTES;
      if (isAllocated(at / REGION_BYTES)) {
        content.write(piece, isChanged(piece) ? generation : 0, within, part, into);
      } else {
        PieceContent.writeZeros(part, into);
      }
      done += part;
    }
    return length;
  }

  @Override
  public Optional<ExtentCursor> allocated(Extent within) {
    return Optional.of(pieces(within, REGION_BYTES, this::isAllocated));
  }

  @Override
  public void close() {
    closed = true;
  }

  private boolean isAllocated(long region) {
    return content.chance(region, 1) < shape.allocatedShare();
  }

  private boolean isChanged(long piece) {
    return generation != 0
        && isAllocated(piece * PIECE_BYTES / REGION_BYTES)
        && content.chance(piece, generation) < changedShare;
  }

  private ExtentCursor pieces(Extent within, int unitBytes, LongPredicate wanted) {
    long end = Math.min(within.end(), sizeBytes);
    return new ExtentCursor() {
      private long at = within.offset();

      @Override
      public @Nullable Extent next() {
        while (at < end && !wanted.test(at / unitBytes)) {
          at = unitEnd();
        }
        if (at >= end) {
          return null;
        }
        long start = at;
        while (at < end && wanted.test(at / unitBytes)) {
          at = unitEnd();
        }
        return Extent.between(start, Math.min(at, end));
      }

      private long unitEnd() {
        return (at / unitBytes + 1) * unitBytes;
      }

      @Override
      public void close() {}
    };
  }
}
