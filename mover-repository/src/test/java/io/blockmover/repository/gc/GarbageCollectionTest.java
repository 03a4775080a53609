package io.blockmover.repository.gc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.repository.Parallel;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.BackupSession;
import io.blockmover.repository.commit.CommitOutcome;
import io.blockmover.repository.commit.ReadLease;
import io.blockmover.repository.commit.Scene;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.session.SessionKind;
import io.blockmover.testkit.Fault;
import io.blockmover.testkit.FaultyObjectStore;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What goes and what stays. */
final class GarbageCollectionTest extends CollectionScene {

  /** Of a pack with one chunk. */
  private static final long PACK_BYTES = 351;

  GarbageCollectionTest() throws Exception {}

  @Test
  void anEmptyRepositoryHasNothingToCollect() throws Exception {
    GcReport report = collect();
    assertThat(report.freedPacks()).isZero();
    assertThat(report.epochs()).isZero();
    stored.requireNothingLeft();
  }

  @Test
  void whatABackupNeedsStays() throws Exception {
    backups.backUp(VOLUME, List.of(1, 2, 3));
    backups.backUp(VOLUME, List.of(1, 2, 4));
    backups.backUp(OTHER, List.of(1, 5));
    Set<String> before = new TreeSet<>(memory.keys(""));
    GcReport report = collect();
    assertThat(report.freedPacks()).isZero();
    assertThat(report.packs()).isEqualTo(5 + memory.keys("m/").size());
    assertThat(memory.keys("")).containsExactlyElementsOf(before);
  }

  @Test
  void whatOnlyAForgottenBackupNeededGoesAtOnce() throws Exception {
    String first = backups.backUp(VOLUME, List.of(1, 2, 3));
    backups.backUp(VOLUME, List.of(1, 2, 4));
    backups.backUp(OTHER, List.of(1, 5));
    forget(VOLUME, first);
    GcReport report = collect();
    stored.requireEveryBackupWhole();
    stored.requireNothingLeft();
    assertThat(memory.keys("d/")).hasSize(4); // 1, 2, 4 and 5
    assertThat(report.freed())
        .containsExactly(new GcReport.Freed(GcReport.Origin.FORGOTTEN, VOLUME, 1, PACK_BYTES));
    assertThat(report.manifests()).isEqualTo(1);
    assertThat(report.epochs()).isEqualTo(1);
  }

  @Test
  void aDryRunSaysTheSameAndChangesNothing() throws Exception {
    String first = backups.backUp(VOLUME, List.of(1, 2, 3));
    backups.backUp(VOLUME, List.of(1));
    backups.storeOnly(OTHER, List.of(7, 8));
    forget(VOLUME, first);
    Set<String> before = new TreeSet<>(memory.keys(""));
    GcReport dry =
        collect(
            repository, new GcOptions(true, Duration.ZERO, Duration.ZERO, RepackOptions.DEFAULT));
    assertThat(memory.keys("")).containsExactlyElementsOf(before);
    GcReport real = collect(repository, IMPATIENT);
    assertThat(dry.freed()).isEqualTo(real.freed()).hasSize(2);
    assertThat(dry.freedBytes()).isEqualTo(real.freedBytes()).isPositive();
    assertThat(dry.manifests()).isEqualTo(real.manifests()).isEqualTo(1);
    stored.requireNothingLeft();
  }

  @Test
  void theRestOfADeadSessionGoesWhenItHasBeenSilentForLong() throws Exception {
    backups.storeOnly(VOLUME, List.of(1, 2));
    assertThat(memory.keys("w/")).isNotEmpty();
    assertThat(collect().sparedPacks()).isEqualTo(2);
    assertThat(memory.keys("d/")).hasSize(2);
    assertThat(memory.keys("i/")).hasSize(1);
    GcReport report = collect(repository, IMPATIENT);
    assertThat(report.freed())
        .containsExactly(
            new GcReport.Freed(GcReport.Origin.INTERRUPTED, VOLUME, 2, 2 * PACK_BYTES));
    assertThat(report.sessions()).isEqualTo(1);
    assertThat(report.segments()).isEqualTo(1);
    assertThat(memory.keys("i/")).isEmpty();
    stored.requireNothingLeft();
  }

  @Test
  void theIndexOfPacksThatAreStillUsedStays() throws Exception {
    String first = backups.backUp(VOLUME, List.of(1, 2));
    backups.backUp(VOLUME, List.of(1));
    forget(VOLUME, first);
    collect(repository, IMPATIENT);
    assertThat(memory.keys("i/")).hasSize(1);
    String again = backups.backUp(OTHER, List.of(1, 2));
    assertThat(memory.keys("d/")).as("1 was found in the index, 2 was gone").hasSize(2);
    stored.requireEveryBackupWhole();
    assertThat(stored.backups()).contains(again);
  }

  @Test
  void smallSegmentsOfTheIndexAreMergedAndStillFindWhatIsThere() throws Exception {
    List<Integer> all = new ArrayList<>();
    String first = "";
    for (int i = 0; i < 12; i++) {
      all.add(i);
      String id = backups.backUp(VOLUME, List.of(i, 100 + i));
      first = i == 0 ? id : first;
    }
    forget(VOLUME, first);
    assertThat(memory.keys("i/0/")).hasSize(12);
    assertThat(collect().segments()).isEqualTo(12);
    assertThat(memory.keys("i/")).hasSize(1).allMatch(key -> key.startsWith("i/1/"));
    int packs = memory.keys("d/").size();
    backups.backUp(OTHER, all);
    assertThat(memory.keys("d/")).as("0 was gone, all others were found").hasSize(packs + 1);
    stored.requireEveryBackupWhole();
  }

  @Test
  void theIndexOutlivesTheListsThatItWasCheckedAgainst() throws Exception {
    GcLimits limits = new GcLimits(1000, 1000, 1, Duration.ZERO, 100, 4 << 20, 4 << 10);
    backups.backUp(OTHER, List.of(7));
    for (int i = 0; i < 4; i++) {
      forget(VOLUME, backups.backUp(VOLUME, List.of(20 + i)));
      new GarbageCollection(repository, Scene.HOST, IMPATIENT, limits, GcWatch.NONE, Parallel.NONE)
          .run();
    }
    assertThat(new GcReader(repository.documents()).load().floor()).isEqualTo(3);
    int packs = memory.keys("d/").size();
    backups.backUp(VOLUME, List.of(7));
    assertThat(memory.keys("d/")).hasSize(packs);
  }

  @Test
  void aPendingManifestOfADeadSessionIsBuriedAndNeverCommitted() throws Exception {
    Scene.backUp(repository, VOLUME);
    FaultyObjectStore faulty = new FaultyObjectStore(memory);
    Repository sleepy = Scene.through(faulty);
    BackupSession session = Scene.begin(sleepy);
    faulty.enqueue(StoreOperation.REPLACE, "v/", Fault.failBefore(() -> crash()));
    assertThatThrownBy(() -> session.commit(Scene.draft(sleepy, session)))
        .isInstanceOf(MoverException.class);
    assertThat(memory.keys("s/")).hasSize(2);
    long seq = Scene.head(repository).head().seq();
    collect(repository, IMPATIENT);
    assertThat(memory.keys("s/")).hasSize(1);
    assertThat(Scene.head(repository).head().seq()).isGreaterThan(seq);
    stored.requireNothingLeft();
  }

  @Test
  void aLiveWriterThatIsBuriedAndRobbedByMistakeRepairsItselfAndCommits() throws Exception {
    backups.backUp(VOLUME, List.of(1));
    BackupSession session = Scene.begin(repository);
    PackName pack = session.names().next();
    memory.putIfAbsent(PackKind.DATA.keyOf(pack), ByteBuffer.allocate(9));
    collect(repository, IMPATIENT);
    assertThat(session.commit(Scene.draft(repository, session, pack)))
        .isEqualTo(new CommitOutcome.PacksCondemned(Set.of(pack)));
    assertThat(session.commit(Scene.draft(repository, session)))
        .isInstanceOf(CommitOutcome.Committed.class);
  }

  @Test
  void aPinnedBackupStaysWholeAfterItWasForgotten() throws Exception {
    String id = backups.backUp(VOLUME, List.of(1, 2, 3));
    backups.backUp(VOLUME, List.of(4));
    Set<String> before = new TreeSet<>(memory.keys("d/"));
    String manifest;
    try (ReadLease lease =
        ReadLease.open(repository, Scene.HOST, SessionKind.RESTORE, VOLUME, id)) {
      manifest = lease.row().manifest();
      forget(VOLUME, id);
      collect();
      assertThat(memory.keys("d/")).containsExactlyElementsOf(before);
      assertThat(memory.has(manifest)).isTrue();
    }
    collect();
    assertThat(memory.keys("d/")).hasSize(1);
    assertThat(memory.has(manifest)).isFalse();
    stored.requireNothingLeft();
  }

  @Test
  void whatComesBackLateGoesAgain() throws Exception {
    String id = backups.backUp(VOLUME, List.of(1));
    String zombie = memory.keys("d/").getFirst();
    forget(VOLUME, id);
    collect();
    memory.put(zombie, ByteBuffer.allocate(5));
    GcReport report = collect();
    assertThat(report.freedPacks()).isEqualTo(1);
    assertThat(report.epochs()).as("it is condemned already").isZero();
    stored.requireNothingLeft();
  }

  @Test
  void manyPacksGoInSeveralEpochsAndParts() throws Exception {
    List<Integer> chunks = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      chunks.add(i);
    }
    String id = backups.backUp(VOLUME, chunks);
    backups.backUp(VOLUME, chunks.subList(0, 100));
    forget(VOLUME, id);
    GcReport report =
        new GarbageCollection(
                repository,
                Scene.HOST,
                GcOptions.DEFAULT,
                new GcLimits(300, 64, 2, Duration.ZERO, 8, 4 << 20, 4 << 10),
                GcWatch.NONE,
                Parallel.NONE)
            .run();
    assertThat(report.freedPacks()).isEqualTo(600);
    assertThat(report.epochs()).isGreaterThan(8);
    assertThat(memory.keys("d/")).hasSize(100);
    stored.requireEveryBackupWhole();
    stored.requireNothingLeft();
  }

  @Test
  void listsAreDroppedWhenTheyAreOldAndManyEnough() throws Exception {
    GcLimits limits = new GcLimits(1000, 1000, 3, Duration.ZERO, 8, 4 << 20, 4 << 10);
    for (int i = 0; i < 6; i++) {
      String id = backups.backUp(VOLUME, List.of(i));
      forget(VOLUME, id);
      new GarbageCollection(repository, Scene.HOST, IMPATIENT, limits, GcWatch.NONE, Parallel.NONE)
          .run();
    }
    GcHead head = new GcReader(repository.documents()).load();
    assertThat(head.finalEpoch()).isEqualTo(6);
    assertThat(head.floor()).isEqualTo(3);
    assertThat(head.lists()).hasSize(3);
    assertThat(memory.keys("gc/")).hasSize(4);
  }

  @Test
  void clocksOfMachinesDoNotMatter() throws Exception {
    // The repository's clock is a year off; the store's decides.
    Repository off =
        Repository.open(
            memory,
            null,
            Clock.offset(Clock.systemUTC(), Duration.ofDays(365)),
            Randomness.secure());
    backups.storeOnly(VOLUME, List.of(1, 2));
    assertThat(collect(off, GcOptions.DEFAULT).sparedPacks()).isEqualTo(2);
    assertThat(memory.keys("d/")).hasSize(2);
  }
}
