package io.blockmover.testkit;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ExtentCursor;
import java.util.ArrayList;
import java.util.List;

/** Lists of extents, for tests small enough to hold them. */
public final class Extents {

  private Extents() {}

  /** What of the extents lies within another. */
  public static List<Extent> clip(List<Extent> extents, Extent within) {
    List<Extent> clipped = new ArrayList<>();
    for (Extent extent : extents) {
      if (extent.overlaps(within)) {
        clipped.add(
            Extent.between(
                Math.max(extent.offset(), within.offset()), Math.min(extent.end(), within.end())));
      }
    }
    return clipped;
  }

  /** Reads a cursor to its end and closes it. */
  public static List<Extent> drain(ExtentCursor cursor) throws MoverException {
    List<Extent> extents = new ArrayList<>();
    try (cursor) {
      for (Extent extent = cursor.next(); extent != null; extent = cursor.next()) {
        extents.add(extent);
      }
    }
    return extents;
  }

  /** The bytes in which two versions of a volume differ, as extents with the fewest bytes. */
  public static List<Extent> differing(byte[] base, byte[] target) {
    List<Extent> extents = new ArrayList<>();
    int start = -1;
    for (int at = 0; at <= target.length; at++) {
      boolean differs = at < target.length && (at >= base.length || base[at] != target[at]);
      if (differs && start < 0) {
        start = at;
      } else if (!differs && start >= 0) {
        extents.add(Extent.between(start, at));
        start = -1;
      }
    }
    return extents;
  }

  /** The bytes that are not zero, as extents with the fewest bytes. */
  public static List<Extent> nonZero(byte[] content) {
    return differing(new byte[content.length], content);
  }
}
