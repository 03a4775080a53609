package io.blockmover.engine.backup;

import static io.blockmover.engine.backup.ScriptedVolume.BLOCK;
import static io.blockmover.engine.backup.ScriptedVolume.CELL;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.repository.manifest.ChangeIdRecord;
import io.blockmover.testkit.FakeChangeTracker;
import io.blockmover.testkit.FakeChangeTrackerProvider;
import io.blockmover.testkit.TestSeed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LadderTest {

  private ScriptedVolume volume;

  @BeforeEach
  void aVolumeWithOneBackup() throws Exception {
    volume = new ScriptedVolume(TestSeed.random("ladder"), 16 * CELL);
    volume.options = new TrackingOptions(0, 1, 0, Set.of());
    volume.backUp();
  }

  private static ChangeTrackerProvider named(String name, FakeChangeTracker tracker) {
    return FakeChangeTrackerProvider.opening(name, target -> tracker);
  }

  private FakeChangeTracker silent() {
    return new FakeChangeTracker(ExtentQuality.EXACT, "s-" + volume.step());
  }

  @Test
  void aStreamThatBreaksGoesOnWhereItBroke() throws Exception {
    volume.write(40);
    BackupReport report =
        volume.backUp(t -> t.breakingAt(2L * CELL).breakingAt(7L * CELL).breakingAt(15L * CELL));
    assertThat(report.tracker()).isEqualTo("exact");
    assertThat(report.steps()).isEmpty();
    assertThat(report.newChunkBytes()).isEqualTo(report.readBytes());
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void aStreamThatBreaksBeforeItsFirstExtentIsOpenedAgain() throws Exception {
    volume.write(3);
    BackupReport report = volume.backUp(t -> t.breakingAt(0));
    assertThat(report.steps()).isEmpty();
    assertThat(volume.holds(report)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, BLOCK, 3 * CELL + 5 * BLOCK, 16 * CELL - BLOCK})
  void aStreamThatGetsNoFurtherIsGivenUpAndTheRestCompared(long offset) throws Exception {
    volume.write(60);
    BackupReport report = volume.backUp(t -> t.stuckAt(offset));
    assertThat(report.steps()).first().asString().contains("broke off again");
    assertThat(volume.holds(report)).isTrue();
    BackupTest.requireExactUsage(volume.fixture, volume.manifest(report));
  }

  @Test
  void aLongListThatEndsInTheMiddleIsFollowedToThereAndTheRestIsCompared() throws Exception {
    // More extents than are read ahead: the list breaks when much has been stored already.
    volume = new ScriptedVolume(TestSeed.random("long-list"), 80 * CELL);
    volume.options = new TrackingOptions(0, 1, 0, Set.of());
    volume.backUp();
    List<Extent> sectors = new ArrayList<>();
    for (long sector = 0; sector < 70_000; sector++) {
      sectors.add(new Extent(sector * 512, 512));
    }
    volume.write(10L * BLOCK, BLOCK);
    volume.write(9_000L * BLOCK, BLOCK);
    long end = 8_700L * BLOCK;
    BackupReport report =
        volume.backUp(
            t -> t.withChanges("after-" + (volume.step() - 1), sectors).unavailableAt(end));
    assertThat(report.steps()).hasSize(2).first().asString().contains("from offset " + end);
    assertThat(report.tracker()).isEqualTo("full-scan");
    assertThat(report.reason()).contains("compared with the last backup");
    assertThat(report.readBytes()).isEqualTo(volume.content.length);
    assertThat(report.newChunkBytes()).as("a listed cell, a piece").isEqualTo(CELL + 64 * 1024);
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void whereAnAllocatedListGoesOnInThePieceThatADeltaStoredInPartNothingIsLost() throws Exception {
    volume = new ScriptedVolume(TestSeed.random("taken-over"), 80 * CELL);
    volume.options = new TrackingOptions(0, 1, 0, Set.of());
    int end = 8_700 * BLOCK;
    java.util.Arrays.fill(volume.content, end, end + 200 * BLOCK, (byte) 0);
    volume.backUp();
    volume.write(end - 2L * BLOCK, 2 * BLOCK);
    List<Extent> sectors = new ArrayList<>();
    for (long sector = 0; sector < 70_000; sector++) {
      sectors.add(new Extent(sector * 512, 512));
    }
    FakeChangeTracker breaks =
        volume.truthful().withChanges("after-" + (volume.step() - 1), sectors).unavailableAt(end);
    FakeChangeTracker lists =
        silent()
            .withAllocated(
                List.of(
                    new Extent(0, end), Extent.between(end + 200L * BLOCK, volume.content.length)));
    BackupReport report = volume.backUp(List.of(named("exact", breaks), named("lists", lists)));
    assertThat(report.tracker()).isEqualTo("lists");
    assertThat(report.readBytes()).isLessThan(volume.content.length - 100L * BLOCK);
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void aLongListThatIsFoundOutOfOrderIsNotBelievedAtAll() throws Exception {
    volume = new ScriptedVolume(TestSeed.random("disorder"), 80 * CELL);
    volume.options = new TrackingOptions(0, 1, 0, Set.of());
    volume.backUp();
    List<Extent> sectors = new ArrayList<>();
    for (long sector = 800; sector < 70_000; sector++) {
      sectors.add(new Extent(sector * 512, 512));
    }
    volume.write(0, BLOCK);
    sectors.add(new Extent(0, BLOCK));
    BackupReport report =
        volume.backUp(t -> t.withChanges("after-" + (volume.step() - 1), sectors));
    assertThat(report.steps()).hasSize(1).first().asString().contains("broke its contract");
    assertThat(report.tracker()).isEqualTo("full-scan");
    assertThat(report.distrusted()).as("it may have been the wire").isEmpty();
    assertThat(report.newChunkBytes()).isEqualTo(28 * BLOCK + 64 * 1024);
    assertThat(volume.holds(report)).isTrue();
    BackupTest.requireExactUsage(volume.fixture, volume.manifest(report));
  }

  @Test
  void anExtentBeyondTheVolumeBreaksTheContract() throws Exception {
    volume.write(5);
    List<Extent> beyond = List.of(new Extent(0, 16 * CELL + 1));
    BackupReport report = volume.backUp(t -> t.withChanges("after-" + (volume.step() - 1), beyond));
    assertThat(report.steps()).first().asString().contains("broke its contract");
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void theNextTrackersChangesComeBeforeAnyComparison() throws Exception {
    List<ChangeTrackerProvider> both =
        List.of(named("first", volume.truthful()), named("second", volume.truthful()));
    volume.backUp(both);
    volume.write(10);
    FakeChangeTracker first =
        volume.truthful().failing(() -> new TrackingUnavailable("asleep", "wake it"));
    BackupReport report =
        volume.backUp(List.of(named("first", first), named("second", volume.truthful())));
    assertThat(report.tracker()).isEqualTo("second");
    assertThat(report.steps()).containsExactly("first: asleep (wake it)");
    assertThat(report.readBytes()).isLessThanOrEqualTo(10L * BLOCK);
    assertThat(volume.manifest(report).tracker().steps()).isEqualTo(report.steps());
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void withoutAnyDeltaItComparesWithinTheAllocatedList() throws Exception {
    java.util.Arrays.fill(volume.content, 0, 8 * CELL, (byte) 0);
    volume.backUp();
    volume.write(9L * CELL, BLOCK);
    FakeChangeTracker lists = silent().withAllocated(List.of(new Extent(8L * CELL, 8 * CELL)));
    BackupReport report = volume.backUp(List.of(named("lists", lists)));
    assertThat(report.tracker()).isEqualTo("lists");
    assertThat(report.readBytes()).isEqualTo(8L * CELL);
    assertThat(report.newChunkBytes()).isEqualTo(64 * 1024);
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void withoutAnyListTheWholeVolumeIsComparedAndTheParentKept() throws Exception {
    volume.write(10);
    BackupReport report = volume.backUp(List.of(named("mute", silent())));
    assertThat(report.tracker()).isEqualTo("full-scan");
    assertThat(report.parent()).isNotEmpty();
    assertThat(report.steps()).hasSize(2);
    assertThat(report.newChunkBytes()).isLessThanOrEqualTo(10L * 64 * 1024);
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void aTrackerThatThrowsWhateverIsAStepDownAndNoFailure() throws Exception {
    BackupReport report =
        volume.backUp(
            List.of(
                FakeChangeTrackerProvider.opening(
                    "buggy",
                    target -> {
                      throw new NullPointerException("a bug");
                    })));
    assertThat(report.steps()).hasSize(1).first().asString().contains("a bug");
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void whatEachTrackerNeedsNextTimeIsRecordedWithWhatItIsOf() throws Exception {
    volume.attributes = Map.of(SnapshotReference.CREATED, "2026-11-01T10:00:00Z");
    BackupReport report =
        volume.backUp(List.of(named("first", volume.truthful()), named("second", silent())));
    assertThat(volume.manifest(report).tracker().changeIds())
        .containsExactly(
            new ChangeIdRecord(
                "first",
                "after-1",
                "test",
                "vol-1",
                "snap-1",
                16L * CELL,
                Instant.parse("2026-11-01T10:00:00Z")),
            new ChangeIdRecord(
                "second",
                "s-1",
                "test",
                "vol-1",
                "snap-1",
                16L * CELL,
                Instant.parse("2026-11-01T10:00:00Z")));
  }

  @Test
  void aVolumeMadeAnewUnderTheSameNameIsNotAskedForADelta() throws Exception {
    volume.volumeHandle = "vol-2";
    volume.write(10);
    BackupReport report = volume.backUp();
    assertThat(report.steps()).hasSize(1).first().asString().contains("vol-1", "vol-2", "anew");
    assertThat(report.readBytes()).isEqualTo(volume.content.length);
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void anotherDriverIsNotAskedForADelta() throws Exception {
    volume.driver = "other";
    assertThat(volume.backUp().steps()).first().asString().contains("driver test", "other");
  }

  @Test
  void aSnapshotOlderThanTheLastBackupsIsNotAskedForADelta() throws Exception {
    volume.attributes = Map.of(SnapshotReference.CREATED, "2026-11-02T10:00:00Z");
    volume.backUp();
    volume.attributes = Map.of(SnapshotReference.CREATED, "2026-11-01T10:00:00Z");
    assertThat(volume.backUp().steps()).first().asString().contains("newer snapshot");
  }

  @Test
  void whenMuchChangedAllIsCompared() throws Exception {
    volume.options = new TrackingOptions(0, 0.25, 0, Set.of());
    volume.write(0, 5 * CELL);
    BackupReport report = volume.backUp();
    assertThat(report.steps()).hasSize(1).first().asString().contains("31 %", "25 %");
    assertThat(report.readBytes()).isEqualTo(volume.content.length);
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void aSmallVolumeIsComparedWithoutAskingAnybody() throws Exception {
    volume.options = new TrackingOptions(16L * CELL + 1, 0.5, 0.001, Set.of());
    FakeChangeTracker tracker = volume.truthful();
    BackupReport report = volume.backUp(List.of(named("exact", tracker)));
    assertThat(tracker.queries()).isZero();
    assertThat(report.reason()).contains("smaller than");
    assertThat(report.steps()).isEmpty();
  }
}
