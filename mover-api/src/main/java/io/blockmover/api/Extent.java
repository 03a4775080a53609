package io.blockmover.api;

/**
 * A half-open byte range {@code [offset, offset + length)} of a volume.
 *
 * @param offset first byte, not negative
 * @param length number of bytes, greater than zero
 */
public record Extent(long offset, long length) {

  /**
   * @throws IllegalArgumentException if the offset is negative, the length is not positive, or the
   *     end does not fit in a long
   */
  public Extent {
    if (offset < 0 || length <= 0 || offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("not an extent: offset " + offset + ", length " + length);
    }
  }

  /** The extent from {@code start} (inclusive) to {@code end} (exclusive). */
  public static Extent between(long start, long end) {
    return new Extent(start, end - start);
  }

  /** The first byte after this extent. */
  public long end() {
    return offset + length;
  }

  /** Whether the two share at least one byte. */
  public boolean overlaps(Extent other) {
    return offset < other.end() && other.offset < end();
  }

  @Override
  public String toString() {
    return "[" + offset + ", " + end() + ")";
  }
}
