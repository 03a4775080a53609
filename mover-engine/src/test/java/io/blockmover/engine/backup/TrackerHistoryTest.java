package io.blockmover.engine.backup;

import static io.blockmover.engine.backup.ScriptedVolume.BLOCK;
import static io.blockmover.engine.backup.ScriptedVolume.CELL;
import static io.blockmover.engine.backup.ScriptedVolume.PIECE;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.testkit.Extents;
import io.blockmover.testkit.FakeChangeTracker;
import io.blockmover.testkit.FakeChangeTrackerProvider;
import io.blockmover.testkit.TestSeed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever trackers do, each backup holds what the volume held. */
class TrackerHistoryTest {

  private static final int STEPS = 120;

  private final Random random = TestSeed.random("tracker-history");
  private ScriptedVolume volume;
  private boolean lied;
  private boolean asked;

  @Test
  @Tag("slow")
  void everyBackupIsRightWhateverTheTrackersDo() throws Exception {
    volume = new ScriptedVolume(random, 12 * CELL);
    volume.options = new TrackingOptions(0, 1, 0.001, Set.of("first", "second"));
    for (int step = 0; step < STEPS; step++) {
      change();
      int script = random.nextInt(9);
      lied = false;
      List<ChangeTrackerProvider> trackers =
          script == 8 ? List.of() : List.of(named("first", first(script)), second(script));
      BackupReport report = volume.backUp(trackers);
      String what = "step " + step + ", script " + script + ": " + report.steps();
      assertThat(volume.holds(report)).as(what).isTrue();
      assertThat(report.distrusted().isEmpty()).as(what).isEqualTo(!lied);
      BackupTest.requireExactUsage(volume.fixture, volume.manifest(report));
      asked = script != 8; // only who was asked is asked what changed since
    }
  }

  private void change() {
    if (random.nextInt(6) == 0) {
      volume.resize((6 + random.nextInt(14)) * CELL + random.nextInt(40) * BLOCK);
    }
    volume.write(random.nextInt(30));
    if (random.nextInt(3) == 0) {
      int from = random.nextInt(volume.content.length);
      int to = Math.min(volume.content.length, from + random.nextInt(3 * CELL));
      Arrays.fill(volume.content, from, to, (byte) 0);
    }
  }

  private FakeChangeTracker first(int script) {
    List<Extent> changes = volume.changed();
    return switch (script) {
      case 0 -> telling(changes);
      case 1 -> {
        long at = offset();
        yield telling(changes).breakingAt(at / 2).breakingAt(at);
      }
      case 2 -> telling(changes).stuckAt(offset());
      case 3 -> telling(changes).unavailableAt(offset());
      case 4 -> {
        long cell = cellOf(changes);
        lied = asked && cell >= 0 && comparable(cell, changes);
        yield telling(without(cell, changes));
      }
      case 5 -> {
        List<Extent> shuffled = new ArrayList<>(changes);
        Collections.shuffle(shuffled, random);
        yield telling(shuffled);
      }
      case 6 -> allocated(Extents.nonZero(volume.content), -1);
      default -> allocated(Extents.nonZero(volume.content), cellOf(changes));
    };
  }

  private long offset() {
    return random.nextInt(volume.content.length);
  }

  private FakeChangeTracker telling(List<Extent> changes) {
    boolean coarse = random.nextInt(4) == 0;
    return new FakeChangeTracker(
            coarse ? ExtentQuality.COARSE : ExtentQuality.EXACT, "after-" + volume.step())
        .withAllocated(List.of(new Extent(0, volume.content.length)))
        .withChanges("after-" + (volume.step() - 1), changes);
  }

  /** A list in pieces, as a driver would give it, without one cell. */
  private FakeChangeTracker allocated(List<Extent> data, long hidden) {
    List<Extent> pieces = new ArrayList<>();
    for (Extent extent : data) {
      long from = extent.offset() / PIECE * PIECE;
      long to = Math.min(volume.content.length, (extent.end() + PIECE - 1) / PIECE * PIECE);
      from = pieces.isEmpty() ? from : Math.max(from, pieces.getLast().end());
      if (from < to) {
        pieces.add(Extent.between(from, to));
      }
    }
    lied = hidden >= 0 && !Extents.clip(pieces, new Extent(hidden, CELL)).isEmpty();
    List<Extent> told = without(hidden, pieces);
    return new FakeChangeTracker(ExtentQuality.EXACT, "after-" + volume.step()).withAllocated(told);
  }

  /** Some cell in which something changed; -1 if nothing did. */
  private long cellOf(List<Extent> changes) {
    return changes.isEmpty()
        ? -1
        : changes.get(random.nextInt(changes.size())).offset() / CELL * CELL;
  }

  /**
   * Leaves out all that is in a cell: what cannot but be found, for every cell is in the sample.
   */
  private List<Extent> without(long cell, List<Extent> extents) {
    if (cell < 0) {
      return extents;
    }
    List<Extent> left = new ArrayList<>();
    for (Extent extent : extents) {
      if (extent.offset() < cell) {
        left.add(Extent.between(extent.offset(), Math.min(extent.end(), cell)));
      }
      if (extent.end() > cell + CELL) {
        left.add(Extent.between(Math.max(extent.offset(), cell + CELL), extent.end()));
      }
    }
    return left;
  }

  /** What the volume grew by is read in any case, so that nothing can be hidden there. */
  private boolean comparable(long cell, List<Extent> changes) {
    int old = volume.sizeOfLast();
    long compared = old < volume.content.length ? old / PIECE * PIECE : Long.MAX_VALUE;
    return Extents.clip(changes, new Extent(cell, CELL)).stream()
        .anyMatch(part -> part.offset() < compared);
  }

  /** Says nothing of changes where the first one is to be asked for what is allocated. */
  private ChangeTrackerProvider second(int script) {
    FakeChangeTracker tracker =
        script != 6 && script != 7 && random.nextBoolean()
            ? telling(volume.changed())
            : new FakeChangeTracker(ExtentQuality.EXACT, null);
    return named("second", tracker);
  }

  private static ChangeTrackerProvider named(String name, FakeChangeTracker tracker) {
    return FakeChangeTrackerProvider.opening(name, target -> tracker);
  }
}
