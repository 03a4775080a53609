package io.blockmover.testkit;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.SnapshotReference;

/** A snapshot and what it holds. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TakenSnapshot(SnapshotReference reference, byte[] content) {

  Extent all() {
    return new Extent(0, content.length);
  }
}
