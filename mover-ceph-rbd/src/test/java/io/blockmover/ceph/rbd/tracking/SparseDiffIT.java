package io.blockmover.ceph.rbd.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.TestCluster;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.DiffMode;
import io.blockmover.ceph.rbd.librbd.DiffQuery;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import io.blockmover.ceph.rbd.librbd.Transfer;
import io.blockmover.testkit.TestSeed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How long a delta of a large image takes, beside librbd alone. Prints both. */
@Tag("ceph")
class SparseDiffIT {

  private static final long TERABYTE = 1L << 40;
  private static final int EXTENTS = 10_000;
  private static final int BLOCK = 4096;
  private static final int ROUNDS = 3;

  @Test
  @SuppressWarnings("SystemOut") // that is where a test's output is looked for
  void aTerabyteWithTenThousandExtentsTakesLittleMoreThanLibrbdItself() throws Exception {
    Delta delta = new Delta(DiffOptions.DEFAULT);
    try (ImageVolume volume = new ImageVolume(TERABYTE, 4 << 20, false)) {
      SnapshotReference base = volume.snapshot();
      write(volume);
      SnapshotReference target = volume.snapshot();
      ChangeId recorded = delta.id(base);
      List<Long> alone = new ArrayList<>();
      List<Long> ours = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        long extents = alone(base, target);
        alone.add((System.nanoTime() - start) / 1_000_000);
        start = System.nanoTime();
        long told = ours(delta, recorded, target);
        ours.add((System.nanoTime() - start) / 1_000_000);
        assertThat(told).isEqualTo(extents);
      }
      System.out.printf("1 TiB, %d extents: librbd %s ms, tracker %s ms%n", EXTENTS, alone, ours);
      alone.sort(null);
      ours.sort(null);
      assertThat(ours.get(ROUNDS / 2)).isLessThan(alone.get(ROUNDS / 2) * 3 / 2 + 1000);
    }
  }

  /** Each in an object of its own. */
  private static void write(ImageVolume volume) throws Exception {
    Random random = TestSeed.random("sparse diff");
    TreeSet<Long> objects = new TreeSet<>();
    while (objects.size() < EXTENTS) {
      objects.add(random.nextLong(TERABYTE / (4 << 20)));
    }
    Deque<Transfer> running = new ArrayDeque<>();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment block = arena.allocate(BLOCK).fill((byte) 3);
      for (long object : objects) {
        running.add(volume.image().startWrite(object * (4 << 20), block));
        if (running.size() == 64) {
          finish(running.remove());
        }
      }
      while (!running.isEmpty()) {
        finish(running.remove());
      }
    }
  }

  private static void finish(Transfer transfer) throws Exception {
    try (transfer) {
      assertThat(transfer.await()).isZero();
    }
  }

  private static long alone(SnapshotReference base, SnapshotReference target) throws Exception {
    ImageIdentity from = ImageIdentity.parse(base.handle()).orElseThrow();
    ImageIdentity to = ImageIdentity.parse(target.handle()).orElseThrow();
    long[] count = new long[1];
    try (ClusterConnection connection = TestCluster.library().connect(TestCluster.reader());
        RbdPool pool = connection.pool(to.poolId(), "");
        RbdImage image = pool.openReadOnlyById(to.imageId(), to.snapshotId())) {
      image.diff(
          new DiffQuery(from.snapshotId(), new Extent(0, TERABYTE), DiffMode.EXACT),
          (offset, length, exists) -> ++count[0] > 0);
    }
    return count[0];
  }

  private static long ours(Delta delta, ChangeId base, SnapshotReference target) throws Exception {
    long count = 0;
    try (ChangeTracker tracker = delta.open(target);
        ExtentCursor cursor = tracker.changedSince(base, 0)) {
      while (cursor.next() != null) {
        count++;
      }
    }
    return count;
  }
}
