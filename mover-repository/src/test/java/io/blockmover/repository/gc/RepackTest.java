package io.blockmover.repository.gc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.BackupNotFound;
import io.blockmover.api.CorruptData;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.Forget;
import io.blockmover.repository.commit.ReadLease;
import io.blockmover.repository.commit.Scene;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.manifest.ManifestStore;
import io.blockmover.repository.session.SessionKind;
import io.blockmover.testkit.CrashingObjectStore;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.SimulatedCrash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Packs of which little is needed any more. */
class RepackTest extends CollectionScene {

  private static final List<Integer> MANY = IntStream.range(0, 10).boxed().toList();
  private final SmallBackups large = new SmallBackups(repository, SmallBackups::protocol, 10);

  RepackTest() throws Exception {}

  /** Two backups, of which the later needs little of a large pack; the earlier is forgotten. */
  private void leaveLittle(String volume) throws Exception {
    String first = large.backUp(volume, MANY);
    large.backUp(volume, List.of(8, 3));
    forget(volume, first);
  }

  @Test
  void whatIsNeededOfAMostlyDeadPackIsStoredAnewAndTheRestGoes() throws Exception {
    leaveLittle(VOLUME);
    long before = memory.totalBytes("d/");
    Set<String> old = new TreeSet<>(memory.keys("d/"));
    GcReport report = collect();
    assertThat(report.repacked().backups()).isEqualTo(1);
    assertThat(report.repacked().packs()).isEqualTo(1);
    assertThat(report.repacked().packBytes()).isEqualTo(before);
    assertThat(report.repacked().copiedBytes()).isEqualTo(memory.totalBytes("d/"));
    assertThat(memory.keys("d/")).hasSize(1).doesNotContainAnyElementsOf(old);
    stored.requireEveryBackupWhole();
    stored.requireEveryBackupReadable();
    stored.requireNothingLeft();
    assertThat(collect().repacked().packs()).as("nothing is left to do").isZero();
  }

  @Test
  void aDryRunSaysHowMuchAndChangesNothing() throws Exception {
    leaveLittle(VOLUME);
    Set<String> before = new TreeSet<>(memory.keys(""));
    GcOptions dry =
        new GcOptions(true, Duration.ofHours(1), Duration.ofHours(1), RepackOptions.DEFAULT);
    GcReport said = collect(repository, dry);
    assertThat(memory.keys("")).containsExactlyElementsOf(before);
    GcReport done = collect();
    assertThat(said.repacked().packs()).isEqualTo(done.repacked().packs()).isEqualTo(1);
    assertThat(said.repacked().copiedBytes()).isLessThan(said.repacked().packBytes());
  }

  @Test
  void packsStayWhereNobodyAsksForThem() throws Exception {
    leaveLittle(VOLUME);
    Set<String> before = new TreeSet<>(memory.keys("d/"));
    GcOptions never =
        new GcOptions(false, Duration.ofHours(1), Duration.ofHours(1), RepackOptions.NEVER);
    assertThat(collect(repository, never).repacked().packs()).isZero();
    assertThat(memory.keys("d/")).containsExactlyElementsOf(before);
  }

  @Test
  void aPackThatTwoVolumesShareGoesWhenBothHaveTheirPartAnew() throws Exception {
    String first = large.backUp(VOLUME, MANY);
    large.backUp(OTHER, List.of(1, 2));
    large.backUp(VOLUME, List.of(2, 7));
    forget(VOLUME, first);
    GcReport report = collect();
    assertThat(report.repacked().backups()).isEqualTo(2);
    assertThat(memory.keys("d/")).as("1, 2 and 7 in one pack").hasSize(1);
    stored.requireEveryBackupReadable();
    stored.requireNothingLeft();
    large.backUp("third", List.of(1, 2, 7));
    assertThat(memory.keys("d/")).as("the index knows the new pack").hasSize(1);
  }

  @Test
  void oldAndNewBackupsShareTheirMapsAfterwardsAsBefore() throws Exception {
    String first = large.backUp(VOLUME, MANY);
    large.backUp(VOLUME, List.of(1, 2, 3));
    large.backUp(VOLUME, List.of(1, 2, 30));
    forget(VOLUME, first);
    assertThat(collect().repacked().backups()).isEqualTo(2);
    stored.requireEveryBackupReadable();
    List<Layer> bases = new ArrayList<>();
    for (BackupRow row : Scene.head(repository).head().backups()) {
      bases.add(new ManifestStore(repository.documents()).load(row).map().getFirst());
    }
    assertThat(bases).hasSize(2);
    assertThat(bases.getFirst()).as("the base").isEqualTo(bases.getLast());
    stored.requireNothingLeft();
  }

  @Test
  void chunksLieInTheOrderInWhichTheNewestBackupIsRestored() throws Exception {
    SmallBackups single = new SmallBackups(repository, SmallBackups::protocol, 5);
    single.backUp(VOLUME, List.of(11, 13, 15, 17, 19));
    single.backUp(VOLUME, List.of(2, 4, 6, 8, 10));
    String third = single.backUp(VOLUME, List.of(2, 4, 6, 8, 10, 11, 13, 15, 17, 19));
    large.backUp(VOLUME, List.of(2, 10, 13, 17));
    for (BackupRow row : Scene.head(repository).head().backups()) {
      if (!row.equals(Scene.head(repository).head().latest().orElseThrow())) {
        new Forget(repository).forget(VOLUME, Set.of(row.id()));
      }
    }
    assertThat(third).isNotEmpty();
    collect();
    assertThat(memory.keys("d/")).hasSize(1);
    assertThat(stored.offsetsOfLatest()).isSorted().hasSize(4);
  }

  @Test
  void aDamagedChunkKeepsItsPackAndNothingElse() throws Exception {
    leaveLittle(VOLUME);
    String damaged = memory.keys("d/").getFirst();
    leaveLittle(OTHER);
    memory.damage(
        damaged,
        bytes -> {
          for (int i = 160; i < bytes.length / 2; i++) {
            bytes[i] ^= 1;
          }
          return bytes;
        });
    collect();
    assertThat(memory.keys("d/")).contains(damaged);
    stored.requireEveryBackupWhole();
  }

  @Test
  void aReaderThatWasTakenForDeadFindsTheBackupInItsNewPacks() throws Exception {
    leaveLittle(VOLUME);
    String id = Scene.ids(repository).getFirst();
    try (ReadLease lease =
        ReadLease.open(repository, Scene.HOST, SessionKind.RESTORE, VOLUME, id)) {
      String before = lease.row().manifest();
      String pack = memory.keys("d/").getFirst();
      collect();
      assertThat(memory.has(pack)).as("what is pinned stays").isTrue();
      collect(repository, IMPATIENT);
      assertThat(memory.has(pack)).isFalse();
      assertThat(lease.replacedAfterMissing(pack, new ObjectNotFound(pack, ""))).isTrue();
      assertThat(lease.row().manifest()).isNotEqualTo(before);
      assertThatThrownBy(() -> lease.replacedAfterMissing(pack, new ObjectNotFound(pack, "")))
          .isInstanceOf(CorruptData.class);
      forget(VOLUME, id);
      assertThatThrownBy(() -> lease.replacedAfterMissing(pack, new ObjectNotFound(pack, "")))
          .isInstanceOf(BackupNotFound.class);
    }
  }

  @Test
  @Tag("slow")
  void whereverItDiesNothingIsLostAndTheNextRunFinishes() throws Exception {
    leaveLittle(VOLUME);
    large.backUp(OTHER, List.of(3, 5));
    MemoryObjectStore origin = memory.copy();
    CrashingObjectStore counting = new CrashingObjectStore(memory, Long.MAX_VALUE, true);
    collect(Scene.through(counting), GcOptions.DEFAULT);
    assertThat(counting.mutations()).isGreaterThan(20);
    for (boolean applied : List.of(true, false)) {
      for (long fatal = 1; fatal <= counting.mutations(); fatal++) {
        MemoryObjectStore store = origin.copy();
        Repository dying = Scene.through(new CrashingObjectStore(store, fatal, applied));
        assertThatThrownBy(() -> collect(dying, GcOptions.DEFAULT))
            .isInstanceOf(SimulatedCrash.class);
        StoredState state = new StoredState(store);
        state.requireEveryBackupReadable();
        collect(Scene.through(store), IMPATIENT);
        state.requireEveryBackupReadable();
        state.requireNothingLeft();
        assertThat(store.totalBytes("d/")).isLessThan(origin.totalBytes("d/"));
      }
    }
  }
}
