package io.blockmover.ceph.rbd.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.blockmover.api.Extent;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.TestCluster;
import io.blockmover.ceph.rbd.librbd.DiffMode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With a librbd that has no diff by snapshot id, such as Debian 12's. */
@Tag("ceph")
class TooOldLibraryIT {

  private static final int OBJECT = 64 << 10;

  private final Delta delta = new Delta(DiffOptions.DEFAULT.inSlicesOf(2, 100));
  private ImageVolume volume;

  @BeforeEach
  void makeAVolume() throws Exception {
    assumeTrue(
        TestCluster.library().whyNoDiffById().isPresent(), "does not apply: librbd is new enough");
    volume = new ImageVolume(16 * OBJECT, OBJECT, true);
    write(0, 1);
    write(9 * OBJECT, 1);
  }

  @AfterEach
  void removeIt() throws Exception {
    if (volume != null) {
      volume.close();
    }
  }

  private void write(long offset, int value) throws Exception {
    byte[] bytes = new byte[8192];
    Arrays.fill(bytes, (byte) value);
    volume.write(offset, bytes);
  }

  @Test
  void snapshotsOfCephCsiHaveNoDeltaButAnAllocatedList() throws Exception {
    SnapshotReference base = volume.snapshot();
    write(4096, 2);
    SnapshotReference target = volume.snapshot();
    assertThatThrownBy(() -> delta.between(base, target))
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("no rbd_diff_iterate3");
    assertThat(delta.fallbacks("no_diff_by_id")).isEqualTo(1);
    assertThat(delta.allocated(target))
        .containsExactly(new Extent(0, 12288), new Extent(9 * OBJECT, 8192));
  }

  @Test
  void snapshotsThatAUserNamedHaveDeltasByName() throws Exception {
    SnapshotReference base = volume.reference(volume.take());
    write(4096, 2);
    SnapshotReference target = volume.reference(volume.take());
    assertThat(delta.between(base, target)).isEqualTo(List.of(new Extent(4096, 8192)));
  }

  @Test
  void wholeObjectsAreNotAskedFor() throws Exception {
    Delta whole = new Delta(DiffOptions.DEFAULT.inSlicesOf(2, 100).with(DiffMode.WHOLE_OBJECT));
    SnapshotReference base = volume.reference(volume.take());
    write(4096, 2);
    SnapshotReference target = volume.reference(volume.take());
    assertThat(whole.between(base, target)).isEqualTo(List.of(new Extent(4096, 8192)));
    assertThat(whole.fallbacks("object_map_unusable")).isEqualTo(1);
  }
}
