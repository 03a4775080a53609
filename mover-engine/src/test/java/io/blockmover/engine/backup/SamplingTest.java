package io.blockmover.engine.backup;

import static io.blockmover.engine.backup.ScriptedVolume.BLOCK;
import static io.blockmover.engine.backup.ScriptedVolume.CELL;
import static io.blockmover.engine.backup.ScriptedVolume.PIECE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.blockmover.api.Cancelled;
import io.blockmover.api.Extent;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.repository.manifest.DistrustRecord;
import io.blockmover.repository.manifest.SampleRecord;
import io.blockmover.testkit.FakeChangeTracker;
import io.blockmover.testkit.FakeChangeTrackerProvider;
import io.blockmover.testkit.TestSeed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingTest {

  private ScriptedVolume volume;

  /** Small enough for every cell to be in the sample. */
  @BeforeEach
  void aVolumeWithOneBackup() throws Exception {
    volume = new ScriptedVolume(TestSeed.random("sampling"), 20 * CELL + 3 * BLOCK);
    volume.backUp();
  }

  private UnaryOperator<FakeChangeTracker> telling(List<Extent> changes) {
    return tracker -> tracker.withChanges("after-" + (volume.step() - 1), changes);
  }

  @Test
  void anHonestTrackerIsSampledAndBelieved() throws Exception {
    volume.write(20);
    BackupReport report = volume.backUp();
    assertThat(report.steps()).isEmpty();
    assertThat(report.distrusted()).isEmpty();
    assertThat(report.readBytes()).isLessThanOrEqualTo(20L * BLOCK);
    assertThat(report.sampledBytes()).isGreaterThan(16L * CELL / 2);
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void aLieVoidsTheListAndTheBackupIsRightAllTheSame() throws Exception {
    volume.write(3L * CELL, BLOCK);
    volume.write(9L * CELL, BLOCK);
    volume.write(15L * CELL + 8 * BLOCK, BLOCK);
    BackupReport report =
        volume.backUp(
            telling(
                List.of(new Extent(3L * CELL, BLOCK), new Extent(15L * CELL + 8 * BLOCK, BLOCK))));
    assertThat(report.tracker()).isEqualTo("full-scan");
    assertThat(report.parent()).isNotEmpty();
    assertThat(report.distrusted()).extracting(DistrustRecord::tracker).containsExactly("exact");
    assertThat(report.steps()).hasSize(1).first().asString().contains("changed, which it did not");
    assertThat(report.newChunkBytes()).as("nothing twice").isLessThanOrEqualTo(3L * PIECE);
    assertThat(volume.holds(report)).isTrue();
    BackupTest.requireExactUsage(volume.fixture, volume.manifest(report));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void anErrorByOneBlockAtABorderIsFound(int side) throws Exception {
    volume.write(7L * CELL + 20 * BLOCK, BLOCK);
    volume.write(7L * CELL + (20 + side) * BLOCK, BLOCK);
    volume.options = new TrackingOptions(0, 1, 1e-9, Set.of());
    BackupReport report =
        volume.backUp(telling(List.of(new Extent(7L * CELL + 20 * BLOCK, BLOCK))));
    assertThat(report.distrusted()).hasSize(1);
    assertThat(report.changedBytes()).as("both in one piece, counted once").isEqualTo(PIECE);
    assertThat(volume.holds(report)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 10L * CELL + 5 * PIECE, 19L * CELL})
  void whatAListToldBeforeItWasFoundWrongIsCountedOnce(long lie) throws Exception {
    List<Extent> told = new ArrayList<>();
    for (int cell = 1; cell < 19; cell++) {
      volume.write((long) cell * CELL, PIECE);
      told.add(new Extent((long) cell * CELL, PIECE));
    }
    volume.write(lie, BLOCK);
    BackupReport report = volume.backUp(telling(told));
    assertThat(report.distrusted()).hasSize(1);
    assertThat(report.changedBytes()).isEqualTo(19L * PIECE);
    assertThat(report.newChunkBytes()).isEqualTo(19L * PIECE);
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void aDistrustedTrackerIsNotAskedUntilAPersonClearsIt() throws Exception {
    volume.write(9L * CELL, BLOCK);
    String caught = volume.backUp(telling(List.of())).backup();
    volume.write(2L * CELL, BLOCK);
    BackupReport next = volume.backUp();
    assertThat(next.tracker()).isEqualTo("full-scan");
    assertThat(next.distrusted()).extracting(DistrustRecord::backup).containsExactly(caught);
    assertThat(next.steps()).hasSize(1).first().asString().contains("distrusted", caught);
    assertThat(volume.manifest(next).tracker().distrusted()).isEqualTo(next.distrusted());
    volume.options = volume.options.trusting(Set.of("exact"));
    volume.write(4L * CELL, BLOCK);
    BackupReport cleared = volume.backUp();
    assertThat(cleared.tracker()).isEqualTo("exact");
    assertThat(cleared.distrusted()).isEmpty();
    assertThat(cleared.readBytes()).isEqualTo(BLOCK);
    assertThat(volume.holds(cleared)).isTrue();
  }

  @Test
  void whatAnAllocatedListLeavesOutMustBeZeros() throws Exception {
    ScriptedVolume fresh = new ScriptedVolume(TestSeed.random("first"), 20 * CELL);
    Arrays.fill(fresh.content, 4 * CELL, 10 * CELL, (byte) 0);
    BackupReport honest =
        fresh.backUp(
            t ->
                t.withAllocated(
                    List.of(new Extent(0, 4 * CELL), new Extent(10 * CELL, 10 * CELL))));
    assertThat(honest.distrusted()).isEmpty();
    assertThat(honest.sampledBytes()).isEqualTo(6L * CELL);
    assertThat(fresh.holds(honest)).isTrue();

    ScriptedVolume other = new ScriptedVolume(TestSeed.random("inherited"), 20 * CELL);
    BackupReport liar = other.backUp(t -> t.withAllocated(List.of(new Extent(0, 4 * CELL))));
    assertThat(liar.distrusted()).hasSize(1);
    assertThat(liar.steps()).first().asString().contains("is not zeros");
    assertThat(liar.newChunkBytes()).isEqualTo(20L * CELL);
    assertThat(other.holds(liar)).isTrue();
    BackupTest.requireExactUsage(other.fixture, other.manifest(liar));
  }

  @Test
  void anAllocatedListFoundWrongDoesNotUploadWhatTheParentHas() throws Exception {
    volume.write(CELL, BLOCK);
    FakeChangeTracker liar =
        new FakeChangeTracker(ExtentQuality.EXACT, null)
            .withAllocated(List.of(new Extent(0, 4 * CELL)));
    BackupReport report =
        volume.backUp(List.of(FakeChangeTrackerProvider.opening("liar", target -> liar)));
    assertThat(report.distrusted()).hasSize(1);
    assertThat(report.newChunkBytes()).isEqualTo(PIECE);
    assertThat(report.changedBytes()).isEqualTo(PIECE);
    assertThat(volume.holds(report)).isTrue();
    BackupTest.requireExactUsage(volume.fixture, volume.manifest(report));
  }

  @Test
  void theWalkOverTheCellsGoesOnFromBackupToBackup() throws Exception {
    volume = new ScriptedVolume(TestSeed.random("walk"), 100 * CELL);
    volume.backUp();
    long cells = 0;
    for (int i = 1; i <= 3; i++) {
      volume.write(1);
      BackupReport report = volume.backUp();
      SampleRecord sample = volume.manifest(report).tracker().sample();
      assertThat(sample.cells()).isEqualTo(Sample.MIN_CELLS);
      cells += sample.cells();
      assertThat(sample.cursor()).isEqualTo(cells);
      assertThat(sample.bytes()).isEqualTo(report.sampledBytes());
    }
    volume.write(50L * CELL, BLOCK);
    BackupReport lied = null;
    for (int i = 0; i < 4 && (lied == null || lied.distrusted().isEmpty()); i++) {
      lied = volume.backUp(telling(List.of()));
    }
    assertThat(lied.distrusted()).as("within four backups every cell has its turn").hasSize(1);
    assertThat(volume.holds(lied)).isTrue();
  }

  @Test
  void aJournalUnderAListIsNotBelievedByARunThatCannotTestTheList() throws Exception {
    // The first run follows a lying list, unsampled, and is interrupted; the next has no list.
    volume.options = new TrackingOptions(0, 1, 0, Set.of());
    volume.write(0, BLOCK);
    volume.write(5L * CELL, 8 * CELL);
    List<Extent> lie = List.of(new Extent(5L * CELL, 8 * CELL));
    Cancellation cancellation = new Cancellation();
    FakeChangeTracker liar = volume.truthful().withChanges("after-" + (volume.step() - 1), lie);
    volume.journal = ResumeFixture.EAGER;
    volume.eventfulRead = 6;
    volume.beforeEventfulRead = cancellation::request;
    assertThatExceptionOfType(Cancelled.class)
        .isThrownBy(
            () ->
                volume.backUp(
                    List.of(FakeChangeTrackerProvider.opening("exact", target -> liar)),
                    cancellation));
    assertThat(ResumeFixture.journals(volume.store)).isNotEmpty();
    volume.eventfulRead = -1;
    BackupReport report = volume.backUp(List.of());
    assertThat(report.resumedBytes()).isPositive();
    assertThat(volume.holds(report)).isTrue();
  }
}
