package io.blockmover.ceph.rbd.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.TestCluster;
import io.blockmover.ceph.rbd.librbd.DiffMode;
import io.blockmover.ceph.rbd.librbd.ImageSurgery;
import io.blockmover.testkit.ExtentChecks;
import io.blockmover.testkit.Extents;
import io.blockmover.testkit.TestSeed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Images that are written, discarded, resized, cloned and flattened at random, with snapshots in
 * between of users and as ceph-csi takes them: no byte differs outside of what is reported, by
 * either way of asking, from any base that is left. As many histories as {@code
 * -Dtest.ceph.histories} says, else 100.
 */
@Tag("ceph")
class RandomHistoryIT {

  private static final int OBJECT = 64 << 10;
  private static final int SECTOR = 512;
  private static final int STEPS = 14;
  private static final int AT_ONCE = 6;

  private final Delta exact = new Delta(DiffOptions.DEFAULT.inSlicesOf(3, 5));
  private final Delta whole =
      new Delta(DiffOptions.DEFAULT.inSlicesOf(4, 100).with(DiffMode.WHOLE_OBJECT));
  private final Map<Step, Integer> counts = Collections.synchronizedMap(new EnumMap<>(Step.class));
  private final LongAdder reported = new LongAdder();
  private final LongAdder differing = new LongAdder();

  private enum Step {
    WRITE,
    DISCARD,
    ZERO,
    GROW,
    SHRINK,
    SNAPSHOT,
    CSI_SNAPSHOT,
    DELETE,
    CLONE,
    FLATTEN
  }

  /** A snapshot with what it must hold. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Taken(SnapshotReference reference, ChangeId id, byte[] content) {}

  @Test
  @SuppressWarnings("SystemOut") // that is where a test's output is looked for
  void noDifferingByteLiesOutsideWhatIsReported() throws Exception {
    TestCluster.assumeDiffById();
    int histories = Integer.getInteger("test.ceph.histories", 100);
    Random seeds = TestSeed.random("random histories of images");
    List<Future<?>> played = new ArrayList<>();
    try (ExecutorService players = Executors.newFixedThreadPool(AT_ONCE)) {
      for (int i = 0; i < histories; i++) {
        long seed = seeds.nextLong();
        played.add(players.submit(() -> play(seed)));
      }
      for (Future<?> one : played) {
        one.get();
      }
    }
    System.out.printf(
        "%d histories: %s; %d bytes reported, %d differ%n",
        histories, counts, reported.sum(), differing.sum());
    assertThat(counts).containsOnlyKeys(Step.values());
    assertThat(counts.get(Step.CLONE)).as("one in each").isGreaterThanOrEqualTo(histories);
  }

  private Void play(long seed) {
    try {
      new History(seed).play();
      return null;
    } catch (Exception | AssertionError e) {
      throw new AssertionError("the history with seed " + seed + " failed", e);
    }
  }

  /** One image's. */
  private final class History {
    private final Random random;
    private final List<Taken> taken = new ArrayList<>();
    private byte[] content = new byte[(8 + 8) * OBJECT];

    History(long seed) {
      random = new Random(seed);
    }

    void play() throws Exception {
      List<Step> steps = new ArrayList<>();
      for (int i = 0; i < STEPS; i++) {
        steps.add(Step.values()[random.nextInt(Step.values().length)]);
      }
      // What every history has, at random places.
      for (Step step : List.of(Step.WRITE, Step.DISCARD, Step.GROW, Step.CLONE, Step.SNAPSHOT)) {
        steps.add(random.nextInt(steps.size()), step);
      }
      try (ImageVolume volume = new ImageVolume(content.length, OBJECT, false)) {
        write(volume);
        for (Step step : steps) {
          take(volume, step);
          counts.merge(step, 1, Integer::sum);
        }
        take(volume, Step.CSI_SNAPSHOT);
      }
    }

    private void take(ImageVolume volume, Step step) throws Exception {
      switch (step) {
        case WRITE -> {
          for (int i = 0; i < 3; i++) {
            write(volume);
          }
        }
        case DISCARD -> {
          Extent extent = anywhere();
          volume.discard(extent);
          Arrays.fill(content, (int) extent.offset(), (int) extent.end(), (byte) 0);
        }
        case ZERO -> {
          Extent extent = anywhere();
          volume.image().writeZeroes(extent.offset(), extent.length());
          Arrays.fill(content, (int) extent.offset(), (int) extent.end(), (byte) 0);
        }
        case GROW -> resize(volume, content.length + sectors(3 * OBJECT));
        case SHRINK -> resize(volume, Math.max(OBJECT, content.length - sectors(6 * OBJECT)));
        case SNAPSHOT -> compare(volume, volume.take());
        case CSI_SNAPSHOT -> compare(volume, volume.takeLikeCsi());
        case DELETE -> {
          if (!taken.isEmpty()) {
            volume.delete(taken.remove(random.nextInt(taken.size())).reference());
          }
        }
        case CLONE -> {
          volume.continueOnClone();
          taken.clear();
          compare(volume, volume.take());
        }
        case FLATTEN -> {
          if (volume.image().parent().isPresent()) {
            ImageSurgery.flatten(volume.image());
          }
        }
      }
    }

    private void compare(ImageVolume volume, long snapshotId) throws Exception {
      SnapshotReference target = volume.reference(snapshotId);
      Extent all = new Extent(0, content.length);
      ChangeId own = exact.id(target);
      for (Delta delta : List.of(exact, whole)) {
        try (ChangeTracker tracker = delta.open(target)) {
          List<Extent> allocated = Extents.drain(tracker.allocated(0));
          ExtentChecks.assertAscendingWithin(allocated, all);
          ExtentChecks.assertCovers(allocated, Extents.nonZero(content));
          for (Taken base : taken) {
            List<Extent> changed = Extents.drain(tracker.changedSince(base.id(), 0));
            List<Extent> different = Extents.differing(base.content(), content);
            ExtentChecks.assertAscendingWithin(changed, all);
            ExtentChecks.assertCovers(changed, different);
            reported.add(ExtentChecks.totalBytes(changed));
            differing.add(ExtentChecks.totalBytes(different));
          }
        }
      }
      taken.add(new Taken(target, own, content.clone()));
    }

    private void write(ImageVolume volume) throws Exception {
      Extent extent = anywhere();
      byte[] bytes = new byte[(int) extent.length()];
      random.nextBytes(bytes);
      volume.write(extent.offset(), bytes);
      System.arraycopy(bytes, 0, content, (int) extent.offset(), bytes.length);
    }

    private void resize(ImageVolume volume, int newSize) throws Exception {
      volume.image().resize(newSize);
      content = Arrays.copyOf(content, newSize);
    }

    private Extent anywhere() {
      int offset = random.nextInt(content.length / SECTOR) * SECTOR;
      int most = random.nextInt(3) == 0 ? 3 * OBJECT : 9_000;
      return new Extent(offset, Math.min(content.length - offset, sectors(most)));
    }

    /** From one sector to about that many bytes. */
    private int sectors(int most) {
      return (1 + random.nextInt(most / SECTOR)) * SECTOR;
    }
  }
}
