package io.blockmover.ceph.rbd.tracking;

import org.junit.jupiter.api.Tag;

/** With ceph-csi's snapshots, which are in the trash namespace. */
@Tag("ceph")
class TrashSnapshotsConformanceIT extends ImageConformance {

  TrashSnapshotsConformanceIT() {
    super(true, DiffOptions.DEFAULT.inSlicesOf(5, 1 << 16));
  }
}
