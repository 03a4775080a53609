package io.blockmover.engine.backup;

import static io.blockmover.engine.backup.ScriptedVolume.BLOCK;
import static io.blockmover.engine.backup.ScriptedVolume.CELL;
import static io.blockmover.engine.backup.ScriptedVolume.PIECE;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.Repository;
import io.blockmover.repository.key.KeySlots;
import io.blockmover.repository.key.PasswordCost;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.testkit.FakeChangeTrackerProvider;
import io.blockmover.testkit.TestSeed;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExactDeltaTest {

  private ScriptedVolume volume;

  @BeforeEach
  void aVolumeWithOneBackup() throws Exception {
    volume = new ScriptedVolume(TestSeed.random("exact-delta"), 8 * CELL);
    volume.backUp();
  }

  private BackupReport byComparison() throws Exception {
    return volume.backUp(List.of(BackupFixture.fullScan(volume.content.length)));
  }

  @Test
  void storesAndReadsWhatChangedAndNoMore() throws Exception {
    volume.options = new TrackingOptions(0, 1, 0, java.util.Set.of());
    volume.write(10L * BLOCK, BLOCK);
    volume.write(700L * BLOCK, 2 * BLOCK);
    BackupReport report = volume.backUp();
    assertThat(report.readBytes()).isEqualTo(3 * BLOCK);
    assertThat(report.newChunkBytes()).isEqualTo(3 * BLOCK);
    assertThat(report.sampledBytes()).isZero();
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void piecesAroundAnExactDeltaAreComparedWithTheirStoredBytesAndNotStoredAgain() throws Exception {
    volume.write(20);
    volume.backUp();
    BackupReport second = byComparison();
    assertThat(second.newChunkBytes()).isZero();
    assertThat(second.changedBytes()).isZero();
    assertThat(second.comparedBytes()).isPositive();
    assertThat(volume.holds(second)).isTrue();
    BackupReport third = byComparison();
    assertThat(third.comparedBytes()).as("fingerprints are known again").isZero();
    assertThat(third.changedBytes()).isZero();
  }

  @Test
  void aPieceAroundAnExactDeltaThatChangedIsStored() throws Exception {
    volume.write(5L * BLOCK, BLOCK);
    volume.backUp();
    volume.write(7L * BLOCK, BLOCK);
    BackupReport report = byComparison();
    assertThat(report.newChunkBytes()).isEqualTo(PIECE);
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void aPieceAroundAnExactDeltaThatBecameZerosIsZeros() throws Exception {
    volume.write(5L * BLOCK, BLOCK);
    volume.backUp();
    Arrays.fill(volume.content, 0, PIECE, (byte) 0);
    BackupReport report = byComparison();
    assertThat(report.newChunkBytes()).isZero();
    assertThat(report.changedBytes()).isEqualTo(PIECE);
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void whatIsLostInTheStoreIsStoredAgainByTheNextComparison() throws Exception {
    volume.write(5L * BLOCK, BLOCK);
    volume.backUp();
    volume.store.deleteAll(volume.store.keys("d/"));
    BackupReport report = byComparison();
    assertThat(report.newChunkBytes()).isEqualTo(PIECE);
  }

  @Test
  void whoMayNotReadDataStoresPiecesOfUnknownFingerprintOnceAndCountsThem() throws Exception {
    new KeySlots(volume.store, volume.repository.format().repository(), Randomness.secure())
        .add(
            volume.repository.keys().writeOnly(),
            "writer",
            new PasswordCost(64, 1, 1),
            "write-only",
            Instant.EPOCH);
    volume.write(5L * BLOCK, BLOCK);
    volume.backUp();
    volume.repository =
        Repository.open(volume.store, "writer", Clock.systemUTC(), Randomness.secure());
    BackupReport again = byComparison();
    assertThat(again.storedAgainBytes()).isEqualTo(PIECE);
    assertThat(again.newChunkBytes()).isEqualTo(PIECE);
    assertThat(again.comparedBytes()).isZero();
    assertThat(byComparison().storedAgainBytes()).as("only once").isZero();
    assertThat(volume.holds(again)).isTrue();
  }

  @Test
  void aCellThatManyBackupsFragmentedIsStoredWholeAgain() throws Exception {
    long healed = 0;
    int most = 0;
    for (int i = 0; i < 50; i++) {
      volume.write((i * 37L % 128) * BLOCK, BLOCK);
      BackupReport report = volume.backUp();
      healed += report.healedBytes();
      most = Math.max(most, entriesOfFirstCell(report));
      assertThat(report.changedBytes()).isLessThanOrEqualTo(2L * BLOCK);
      assertThat(volume.holds(report)).isTrue();
      BackupTest.requireExactUsage(volume.fixture, volume.manifest(report));
    }
    assertThat(most).isLessThanOrEqualTo(CellPlanner.MAX_ENTRIES);
    assertThat(healed).isEqualTo(CELL);
  }

  private int entriesOfFirstCell(BackupReport report) throws Exception {
    var manifest = volume.manifest(report);
    return new LayeredMap(
            volume.fixture.repository.metadata(), manifest.map(), manifest.volumeBytes())
        .cursor(0)
        .within(0, CELL)
        .size();
  }

  @Test
  void aCellIsNotHealedFromPlacesThatCannotBeRead() throws Exception {
    for (int i = 0; i < 32; i++) {
      volume.write((i * 4L) * BLOCK, BLOCK);
      volume.backUp();
    }
    volume.write(2L * BLOCK, BLOCK);
    volume.bad = List.of(new Extent(3L * BLOCK, BLOCK));
    volume.skipBadBlocks = true;
    BackupReport report = volume.backUp();
    assertThat(report.healedBytes()).isZero();
    assertThat(report.badBlocks()).isEmpty();
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void badBlocksOfTheParentStayListedUntilTheyAreRead() throws Exception {
    volume = new ScriptedVolume(TestSeed.random("bad-parent"), 4 * CELL);
    volume.skipBadBlocks = true;
    volume.bad = List.of(new Extent(CELL, BLOCK), new Extent(3L * CELL, BLOCK));
    List<Extent> both = volume.bad;
    assertThat(volume.backUp().badBlocks()).isEqualTo(both);
    volume.bad = List.of();
    volume.write(100L * BLOCK, BLOCK);
    assertThat(volume.backUp().badBlocks()).as("nobody read them").isEqualTo(both);
    volume.write(3L * CELL, BLOCK);
    BackupReport read = volume.backUp();
    assertThat(read.badBlocks()).containsExactly(both.getFirst());
    assertThat(volume.manifest(read).badBlocks()).hasSize(1);
    BackupReport all = byComparison();
    assertThat(all.badBlocks()).isEmpty();
    assertThat(volume.holds(all)).isTrue();
  }

  @Test
  void aBadBlockThatIsNowAHoleIsNoLongerListed() throws Exception {
    volume = new ScriptedVolume(TestSeed.random("bad-hole"), 2 * CELL);
    Arrays.fill(volume.content, 0, CELL, (byte) 0);
    volume.skipBadBlocks = true;
    volume.bad = List.of(new Extent(8192, BLOCK));
    assertThat(volume.backUp().badBlocks()).hasSize(1);
    BackupReport report =
        volume.backUp(
            List.of(
                FakeChangeTrackerProvider.opening(
                    "lists",
                    target ->
                        new io.blockmover.testkit.FakeChangeTracker(
                                io.blockmover.api.tracking.ExtentQuality.EXACT, null)
                            .withAllocated(List.of(new Extent(CELL, CELL))))));
    assertThat(report.badBlocks()).isEmpty();
  }

  @Test
  void whatTheVolumeGrewByIsReadEvenIfTheTrackerForgetsIt() throws Exception {
    int old = volume.content.length;
    volume.resize(old + 3 * CELL + BLOCK);
    BackupReport report =
        volume.backUp(tracker -> tracker.withChanges("after-" + (volume.step() - 1), List.of()));
    assertThat(report.tracker()).isEqualTo("exact");
    assertThat(volume.holds(report)).isTrue();
  }

  @Test
  void aShrunkVolumeIsBackedUpByItsDelta() throws Exception {
    volume.resize(5 * CELL + 3 * BLOCK);
    volume.write(4);
    BackupReport report = volume.backUp();
    assertThat(report.tracker()).isEqualTo("exact");
    assertThat(volume.holds(report)).isTrue();
  }
}
