package io.blockmover.ceph.rbd.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.TestCluster;
import io.blockmover.ceph.rbd.librbd.ImageSnapshot;
import io.blockmover.ceph.rbd.librbd.ImageSurgery;
import io.blockmover.ceph.rbd.librbd.SnapshotKind;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Snapshots of groups, which have no names that librbd would find, beside those of others. */
@Tag("ceph")
class GroupSnapshotIT {

  private static final int OBJECT = 64 << 10;

  private final Delta delta = new Delta(DiffOptions.DEFAULT);
  private final String group = "group-" + UUID.randomUUID();

  @Test
  void eachKindOfSnapshotIsBaseAndTargetForEachOther() throws Exception {
    TestCluster.assumeDiffById();
    try (ImageVolume volume = new ImageVolume(16 * OBJECT, OBJECT, true)) {
      ImageSurgery.group(volume.pool(), group, volume.name());
      write(volume, 0);
      SnapshotReference trashed = volume.snapshot();
      write(volume, 1);
      SnapshotReference grouped = groupSnapshot(volume, "g1");
      write(volume, 2);
      SnapshotReference named = volume.reference(volume.take());
      write(volume, 3);
      SnapshotReference last = groupSnapshot(volume, "g2");
      assertThat(delta.between(trashed, grouped)).isEqualTo(blocks(1, 2));
      assertThat(delta.between(grouped, named)).isEqualTo(blocks(2, 3));
      assertThat(delta.between(grouped, last)).isEqualTo(blocks(2, 4));
      assertThat(delta.between(trashed, last)).isEqualTo(blocks(1, 4));
      assertThat(
              delta
                  .registry()
                  .get("mover.ceph.snapshots")
                  .tag("namespace", "group")
                  .summary()
                  .max())
          .isEqualTo(2);
      for (String snapshot : List.of("g1", "g2")) {
        ImageSurgery.removeGroupSnapshot(volume.pool(), group, snapshot);
      }
      ImageSurgery.removeGroup(volume.pool(), group);
    }
  }

  private SnapshotReference groupSnapshot(ImageVolume volume, String name) throws Exception {
    ImageSurgery.groupSnapshot(volume.pool(), group, name);
    for (ImageSnapshot snapshot : volume.image().snapshots()) {
      if (snapshot.kind() instanceof SnapshotKind.Group(long _, String of, String called)
          && of.equals(group)
          && called.equals(name)) {
        return volume.reference(snapshot.id());
      }
    }
    throw new AssertionError("no snapshot of " + name);
  }

  /** One block of 4 KiB, within an object that exists. */
  private static void write(ImageVolume volume, int block) throws Exception {
    byte[] bytes = new byte[block == 0 ? OBJECT : 4096];
    Arrays.fill(bytes, (byte) (block + 1));
    volume.write(block * 4096L, bytes);
  }

  private static List<Extent> blocks(int from, int to) {
    return List.of(Extent.between(from * 4096L, to * 4096L));
  }
}
