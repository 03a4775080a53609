package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import java.util.List;

/**
 * A list of extents that is being read, and what it means: one rung of the ladder.
 *
 * @param tracker who made it
 * @param quality what it says about the bytes in the extents
 * @param extents the list itself
 * @param reason why this one, a sentence for the user
 */
record Listing(
    String tracker, Kind kind, ExtentQuality quality, ExtentCursor extents, String reason) {

  /** The name of the rung that needs no tracker. */
  static final String FULL_SCAN = "full-scan";

  /** What a place means that is not listed. */
  enum Kind {
    /** A list of changes: it is as in the parent. */
    DELTA,
    /** A list of allocated extents: it is zeros. */
    ALLOCATED,
    /** No list: everything is looked at, or what is not has been looked at already. */
    DEVICE
  }

  /** Everything from one offset to another, to be compared. */
  static Listing device(long from, long to, String reason) {
    List<Extent> all = from < to ? List.of(Extent.between(from, to)) : List.of();
    return new Listing(
        FULL_SCAN, Kind.DEVICE, ExtentQuality.CANDIDATE, ExtentCursor.of(all), reason);
  }

  boolean isExact() {
    return quality == ExtentQuality.EXACT;
  }

  /** What a journal says of how its part of the volume was looked at; empty if all was compared. */
  String method() {
    return kind == Kind.DEVICE || tracker.equals(FULL_SCAN) ? "" : kind + " " + tracker;
  }
}
