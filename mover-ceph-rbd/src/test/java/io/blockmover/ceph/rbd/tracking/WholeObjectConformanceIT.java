package io.blockmover.ceph.rbd.tracking;

import io.blockmover.ceph.rbd.librbd.DiffMode;
import org.junit.jupiter.api.Tag;

/** With object maps. */
@Tag("ceph")
class WholeObjectConformanceIT extends ImageConformance {

  WholeObjectConformanceIT() {
    super(true, DiffOptions.DEFAULT.inSlicesOf(4, 100).with(DiffMode.WHOLE_OBJECT));
  }
}
