package io.blockmover.repository.gc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.Cancelled;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.StoreRejected;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.api.store.StoreProperties;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.BackupSession;
import io.blockmover.repository.commit.CommitOutcome;
import io.blockmover.repository.commit.Forget;
import io.blockmover.repository.commit.ReadLease;
import io.blockmover.repository.commit.Scene;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.session.SessionKind;
import io.blockmover.testkit.ConcurrentRun;
import io.blockmover.testkit.CrashingObjectStore;
import io.blockmover.testkit.Fault;
import io.blockmover.testkit.FaultyObjectStore;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.SimulatedCrash;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What goes, what stays, and that it may end at any request. */
final class GarbageCollectionTest {

  /** Whoever does not write at this very moment is taken for dead. */
  static final GcOptions IMPATIENT = new GcOptions(false, Duration.ZERO, Duration.ZERO);

  private static final String VOLUME = Scene.VOLUME;
  private static final String OTHER = "other/claim@uid";

  private final MemoryObjectStore memory;
  private final Repository repository;
  private final SmallBackups backups;
  private final StoredState stored;

  GarbageCollectionTest() throws Exception {
    Scene scene = new Scene();
    memory = scene.memory;
    repository = scene.repository;
    backups = new SmallBackups(repository);
    stored = new StoredState(memory);
  }

  private static GcReport collect(Repository repository, GcOptions options) throws MoverException {
    return new GarbageCollection(repository, Scene.HOST, options, GcWatch.NONE).run();
  }

  private GcReport collect() throws MoverException {
    return collect(repository, GcOptions.DEFAULT);
  }

  private void forget(String volume, String... ids) throws MoverException {
    assertThat(new Forget(repository).forget(volume, Set.of(ids))).hasSize(ids.length);
  }

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
        .containsExactly(new GcReport.Freed(GcReport.Origin.FORGOTTEN, VOLUME, 1, 64));
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
    GcReport dry = collect(repository, new GcOptions(true, Duration.ZERO, Duration.ZERO));
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
        .containsExactly(new GcReport.Freed(GcReport.Origin.INTERRUPTED, VOLUME, 2, 128));
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
    GcLimits limits = new GcLimits(1000, 1000, 1, Duration.ZERO, 100, 4 << 20);
    backups.backUp(OTHER, List.of(7));
    for (int i = 0; i < 4; i++) {
      forget(VOLUME, backups.backUp(VOLUME, List.of(20 + i)));
      new GarbageCollection(repository, Scene.HOST, IMPATIENT, limits, GcWatch.NONE).run();
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

  private static MoverException crash() {
    return new AccessDenied("the credentials expired", "");
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
                new GcLimits(300, 64, 2, Duration.ZERO, 8, 4 << 20),
                GcWatch.NONE)
            .run();
    assertThat(report.freedPacks()).isEqualTo(600);
    assertThat(report.epochs()).isGreaterThan(8);
    assertThat(memory.keys("d/")).hasSize(100);
    stored.requireEveryBackupWhole();
    stored.requireNothingLeft();
  }

  @Test
  void listsAreDroppedWhenTheyAreOldAndManyEnough() throws Exception {
    GcLimits limits = new GcLimits(1000, 1000, 3, Duration.ZERO, 8, 4 << 20);
    for (int i = 0; i < 6; i++) {
      String id = backups.backUp(VOLUME, List.of(i));
      forget(VOLUME, id);
      new GarbageCollection(repository, Scene.HOST, IMPATIENT, limits, GcWatch.NONE).run();
    }
    GcHead head = new GcReader(repository.documents()).load();
    assertThat(head.finalEpoch()).isEqualTo(6);
    assertThat(head.floor()).isEqualTo(3);
    assertThat(head.lists()).hasSize(3);
    assertThat(memory.keys("gc/")).hasSize(4);
  }

  @Test
  void aCollectionThatIsStoppedIsFinishedByTheNext() throws Exception {
    String id = backups.backUp(VOLUME, List.of(1, 2, 3));
    backups.backUp(VOLUME, List.of(4));
    forget(VOLUME, id);
    int[] calls = {0};
    GcWatch stopping =
        new GcWatch() {
          @Override
          public void check() throws Cancelled {
            if (++calls[0] > 2) {
              throw new Cancelled("enough", "");
            }
          }

          @Override
          public void freed(long packBytes) {}
        };
    assertThatThrownBy(
            () -> new GarbageCollection(repository, Scene.HOST, GcOptions.DEFAULT, stopping).run())
        .isInstanceOf(Cancelled.class);
    assertThat(memory.keys("w/")).as("its heartbeat").isEmpty();
    collect();
    stored.requireNothingLeft();
    stored.requireEveryBackupWhole();
  }

  @Test
  void twoCollectionsAtOnceDoNoHarm() throws Exception {
    for (int round = 0; round < 10; round++) {
      String id = backups.backUp(VOLUME, List.of(1 + round, 2 + round, 3 + round));
      backups.backUp(VOLUME, List.of(1 + round, 100 + round));
      forget(VOLUME, id);
      List<Callable<GcReport>> both = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Repository own = Scene.through(memory);
        both.add(() -> collect(own, GcOptions.DEFAULT));
      }
      ConcurrentRun.all(both);
      stored.requireEveryBackupWhole();
    }
    collect();
    stored.requireNothingLeft();
  }

  @Test
  void aCrashAtAnyChangingRequestLosesNothingAndTheNextRunFinishes() throws Exception {
    MemoryObjectStore origin = prepared();
    long mutations = mutationsOf(origin.copy());
    assertThat(mutations).isGreaterThan(10);
    for (boolean applied : List.of(true, false)) {
      for (long fatal = 1; fatal <= mutations; fatal++) {
        MemoryObjectStore store = origin.copy();
        ObjectStore crashing = new CrashingObjectStore(store, fatal, applied);
        Repository dying = Scene.through(crashing);
        assertThatThrownBy(() -> collect(dying, IMPATIENT)).isInstanceOf(SimulatedCrash.class);
        StoredState state = new StoredState(store);
        state.requireEveryBackupWhole();
        collect(Scene.through(store), IMPATIENT);
        state.requireEveryBackupWhole();
        state.requireNothingLeft();
      }
    }
  }

  private static long mutationsOf(MemoryObjectStore store) throws MoverException {
    CrashingObjectStore counting = new CrashingObjectStore(store, Long.MAX_VALUE, true);
    collect(Scene.through(counting), IMPATIENT);
    return counting.mutations();
  }

  /** Two volumes that share chunks, a forgotten backup, a dead session, a pending manifest. */
  private MemoryObjectStore prepared() throws Exception {
    String first = backups.backUp(VOLUME, List.of(1, 2, 3));
    backups.backUp(VOLUME, List.of(2, 4));
    backups.backUp(OTHER, List.of(1, 5));
    backups.storeOnly(VOLUME, List.of(8, 9));
    FaultyObjectStore faulty = new FaultyObjectStore(memory);
    faulty.enqueue(StoreOperation.REPLACE, "v/", Fault.failBefore(() -> crash()));
    assertThatThrownBy(() -> new SmallBackups(Scene.through(faulty)).backUp(OTHER, List.of(1, 6)))
        .isInstanceOf(MoverException.class);
    forget(VOLUME, first);
    return memory;
  }

  @Test
  void everyRequestMayFailOrLoseItsReplyAndNothingIsLost() throws Exception {
    MemoryObjectStore origin = prepared();
    for (Fault fault : List.of(Fault.lostReply(), Fault.lostRequest(), Fault.unavailable())) {
      for (StoreOperation operation : StoreOperation.values()) {
        for (int skipped = 0; skipped < 8; skipped++) {
          MemoryObjectStore store = origin.copy();
          FaultyObjectStore faulty = new FaultyObjectStore(store);
          Repository weak = Scene.through(faulty);
          for (int i = 0; i < skipped; i++) {
            faulty.enqueue(operation, harmless());
          }
          faulty.enqueue(operation, fault);
          try {
            collect(weak, IMPATIENT);
          } catch (WriteOutcomeUnknown | StoreUnavailable e) {
            // there is no retry layer here
          }
          StoredState state = new StoredState(store);
          state.requireEveryBackupWhole();
          collect(Scene.through(store), IMPATIENT);
          state.requireEveryBackupWhole();
          state.requireNothingLeft();
        }
      }
    }
  }

  private static Fault harmless() {
    Fault.Pause pause = Fault.pause();
    pause.release();
    return pause;
  }

  @Test
  void aLostReplyOfTheSwapOfThePlanIsRecognised() throws Exception {
    String id = backups.backUp(VOLUME, List.of(1));
    forget(VOLUME, id);
    FaultyObjectStore faulty = new FaultyObjectStore(memory);
    Repository weak = Scene.through(faulty);
    faulty.enqueue(StoreOperation.PUT_IF_ABSENT, GcHead.KEY, Fault.lostReply());
    faulty.enqueue(StoreOperation.REPLACE, GcHead.KEY, Fault.lostReply());
    assertThat(collect(weak, GcOptions.DEFAULT).epochs()).isEqualTo(1);
    assertThat(faulty.pending()).isZero();
    stored.requireNothingLeft();
  }

  @Test
  void aListedManifestThatIsMissingStopsEverything() throws Exception {
    String first = backups.backUp(VOLUME, List.of(1, 2));
    String second = backups.backUp(VOLUME, List.of(3));
    HeadStore heads = new HeadStore(repository);
    memory.delete(heads.load(VOLUME).head().find(first).orElseThrow().manifest());
    assertThatThrownBy(() -> collect(repository, IMPATIENT))
        .isInstanceOf(CorruptData.class)
        .hasMessageContaining(first);
    assertThat(memory.keys("d/")).hasSize(3);
    forget(VOLUME, first);
    collect(repository, IMPATIENT);
    assertThat(memory.keys("d/")).hasSize(1);
    assertThat(stored.backups()).containsExactly(second);
  }

  @Test
  void missingUsageOfACommittedBackupStopsEverything() throws Exception {
    backups.backUp(VOLUME, List.of(1, 2));
    memory.delete(memory.keys("m/").getFirst());
    assertThatThrownBy(() -> collect(repository, IMPATIENT)).isInstanceOf(CorruptData.class);
    assertThat(memory.keys("d/")).hasSize(2);
  }

  @Test
  void aHeadThatWasSetBackStopsEverything() throws Exception {
    backups.backUp(VOLUME, List.of(1));
    String key = memory.keys("v/").getFirst();
    byte[] old = memory.load(key, 1 << 20).bytes();
    for (int i = 2; i < 5; i++) {
      backups.backUp(VOLUME, List.of(i));
    }
    memory.put(key, ByteBuffer.wrap(old));
    for (String cached : memory.keys("c/")) {
      memory.delete(cached);
    }
    assertThatThrownBy(() -> collect(repository, IMPATIENT))
        .isInstanceOf(CorruptData.class)
        .hasMessageContaining("v/");
    assertThat(memory.keys("d/")).hasSize(4);
  }

  @Test
  void aHeadThatWasSetBackByOneBackupStopsEverything() throws Exception {
    backups.backUp(VOLUME, List.of(1));
    String key = memory.keys("v/").getFirst();
    byte[] old = memory.load(key, 1 << 20).bytes();
    backups.backUp(VOLUME, List.of(2));
    memory.put(key, ByteBuffer.wrap(old));
    assertThatThrownBy(() -> collect(repository, IMPATIENT))
        .isInstanceOf(CorruptData.class)
        .hasMessageContaining("which the catalogue remembers");
    assertThat(memory.keys("d/")).hasSize(2);
  }

  @Test
  void aCollectionHeadThatWasLostStopsEverything() throws Exception {
    for (int i = 0; i < 3; i++) {
      forget(VOLUME, backups.backUp(VOLUME, List.of(i)));
      collect();
    }
    memory.delete(GcHead.KEY);
    assertThatThrownBy(this::collect)
        .isInstanceOf(CorruptData.class)
        .hasMessageContaining(GcHead.KEY);
  }

  @Test
  void aStoreWithoutCompareAndSwapIsRefused() throws Exception {
    StoreProperties weak = new StoreProperties(4, true, false, true);
    ObjectStore store =
        new ForwardingObjectStore(memory) {
          @Override
          public StoreProperties properties() {
            return weak;
          }
        };
    assertThatThrownBy(() -> collect(Scene.through(store), GcOptions.DEFAULT))
        .isInstanceOf(StoreRejected.class);
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
