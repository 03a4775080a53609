package io.blockmover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.blockmover.api.Extent;
import java.util.List;

/** What lists of extents are checked for. */
public final class ExtentChecks {

  private ExtentChecks() {}

  /** Ascending, disjoint, and all of them within an extent. */
  public static void assertAscendingWithin(List<Extent> extents, Extent within) {
    long end = within.offset();
    for (Extent extent : extents) {
      assertThat(extent.offset())
          .as("%s begins after what came before", extent)
          .isGreaterThanOrEqualTo(end);
      assertThat(extent.end())
          .as("%s ends within %s", extent, within)
          .isLessThanOrEqualTo(within.end());
      end = extent.end();
    }
  }

  /**
   * No byte that is needed lies outside of what is reported. Both are ascending and disjoint;
   * reported extents that touch count as one.
   */
  public static void assertCovers(List<Extent> reported, List<Extent> needed) {
    int at = 0;
    for (Extent extent : needed) {
      long covered = extent.offset();
      while (at < reported.size() && reported.get(at).end() <= covered) {
        at++;
      }
      for (int next = at; next < reported.size() && covered < extent.end(); next++) {
        if (reported.get(next).offset() > covered) {
          break;
        }
        covered = reported.get(next).end();
      }
      if (covered < extent.end()) {
        fail("not reported: byte %d of %s; reported %d extents", covered, extent, reported.size());
      }
    }
  }

  /** The sum of their lengths. */
  public static long totalBytes(List<Extent> extents) {
    return extents.stream().mapToLong(Extent::length).sum();
  }
}
