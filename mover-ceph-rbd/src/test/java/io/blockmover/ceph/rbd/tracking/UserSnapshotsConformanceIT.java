package io.blockmover.ceph.rbd.tracking;

import org.junit.jupiter.api.Tag;

/** With user's snapshots, in many parts with little room each. */
@Tag("ceph")
class UserSnapshotsConformanceIT extends ImageConformance {

  UserSnapshotsConformanceIT() {
    super(false, DiffOptions.DEFAULT.inSlicesOf(2, 3));
  }
}
