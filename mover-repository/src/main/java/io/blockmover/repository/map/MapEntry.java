package io.blockmover.repository.map;

import io.blockmover.repository.pack.ChunkLocation;
import java.util.Objects;

/** What an extent of a volume holds. */
public sealed interface MapEntry {

  /** First byte in the volume. */
  long offset();

  /** Number of bytes, greater than zero. */
  long length();

  /** The first byte after it. */
  default long end() {
    return offset() + length();
  }

  /**
   * The part of it from {@code start} to {@code end}, which must lie inside it.
   *
   * @throws IllegalArgumentException if they do not
   */
  MapEntry part(long start, long end);

  /** Whether the two hold the same bytes where they overlap. */
  boolean sameContentAs(MapEntry other);

  /**
   * Bytes of a chunk.
   *
   * @param within first byte of the extent in the chunk
   */
  record Data(long offset, long length, ChunkLocation location, int within) implements MapEntry {

    /**
     * @throws IllegalArgumentException if the extent is not one, or not inside the chunk
     */
    public Data {
      Objects.requireNonNull(location, "location");
      requireExtent(offset, length);
      if (within < 0 || within + length > location.plainLength()) {
        throw new IllegalArgumentException(
            length + " bytes from " + within + " of a chunk of " + location.plainLength());
      }
    }

    @Override
    public Data part(long start, long end) {
      requireInside(this, start, end);
      return start == offset && end == end()
          ? this
          : new Data(start, end - start, location, (int) (within + (start - offset)));
    }

    @Override
    public boolean sameContentAs(MapEntry other) {
      return other instanceof Data that
          && within - offset == that.within - that.offset
          && location.sameContent(that.location);
    }
  }

  /** Zeros. */
  record Zero(long offset, long length) implements MapEntry {

    /**
     * @throws IllegalArgumentException if the extent is not one
     */
    public Zero {
      requireExtent(offset, length);
    }

    @Override
    public Zero part(long start, long end) {
      requireInside(this, start, end);
      return new Zero(start, end - start);
    }

    @Override
    public boolean sameContentAs(MapEntry other) {
      return other instanceof Zero;
    }
  }

  private static void requireExtent(long offset, long length) {
    if (offset < 0 || length <= 0 || offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("not an extent: offset " + offset + ", length " + length);
    }
  }

  private static void requireInside(MapEntry entry, long start, long end) {
    if (start < entry.offset() || end > entry.end() || start >= end) {
      throw new IllegalArgumentException("[" + start + ", " + end + ") is not inside " + entry);
    }
  }
}
