package io.blockmover.ceph.rbd.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.TestCluster;
import io.blockmover.testkit.TestSeed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots that are removed while they are asked, at any moment. */
@Tag("ceph")
class RacingRemovalIT {

  private static final int OBJECT = 64 << 10;
  private static final int OBJECTS = 128;
  private static final int RUNS = 20;

  private final Delta delta = new Delta(DiffOptions.DEFAULT.inSlicesOf(4, 100));

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @SuppressWarnings("SystemOut") // that is where a test's output is looked for
  void whatWasToldBeforeTheEndIsRightAndTheRestIsNotMadeUp(boolean removeBase) throws Exception {
    TestCluster.assumeDiffById();
    Random random = TestSeed.random("removal of the " + (removeBase ? "base" : "target"));
    int noticed = 0;
    for (int run = 0; run < RUNS; run++) {
      // By turns while a part is asked, and between two extents.
      int after = run % 2 == 0 ? -1 : random.nextInt(OBJECTS / 4);
      noticed += noticed(removeBase, after, random) ? 1 : 0;
    }
    System.out.printf("%d of %d removals fell into the diff%n", noticed, RUNS);
    assertThat(noticed).isPositive();
  }

  private boolean noticed(boolean removeBase, int after, Random random) throws Exception {
    try (ImageVolume volume = new ImageVolume((long) OBJECTS * OBJECT, OBJECT, true)) {
      write(volume, 1);
      SnapshotReference base = volume.snapshot();
      ChangeId recorded = delta.id(base);
      write(volume, 2);
      SnapshotReference target = volume.snapshot();
      List<Extent> whole = delta.since(recorded, target);
      long wait = TimeUnit.MILLISECONDS.toNanos(random.nextInt(80));
      try (ChangeTracker tracker = delta.open(target)) {
        Runnable removal =
            () -> {
              try {
                volume.delete(removeBase ? base : target);
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            };
        CompletableFuture<Void> beside =
            after >= 0
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(
                    () -> {
                      LockSupport.parkNanos(wait);
                      removal.run();
                    });
        List<Extent> told = new ArrayList<>();
        boolean failed = false;
        try (ExtentCursor cursor = tracker.changedSince(recorded, 0)) {
          for (Extent extent = cursor.next(); extent != null; extent = cursor.next()) {
            told.add(extent);
            if (after >= 0 && told.size() == after + 1) {
              removal.run();
            }
          }
        } catch (MoverException e) {
          failed = true;
        }
        beside.get();
        assertThat(told).isEqualTo(whole.subList(0, told.size()));
        assertThat(failed || told.size() == whole.size()).isTrue();
        return failed;
      }
    }
  }

  /** Every second object. */
  private static void write(ImageVolume volume, int value) throws Exception {
    byte[] bytes = new byte[4096];
    Arrays.fill(bytes, (byte) value);
    for (int object = 0; object < OBJECTS; object += 2) {
      volume.write((long) object * OBJECT + 4096L * (value - 1), bytes);
    }
  }
}
