package io.blockmover.repository.gc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.blockmover.repository.Parallel;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.Scene;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.ManifestStore;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.testkit.ConcurrentRun;
import io.blockmover.testkit.CrashingObjectStore;
import io.blockmover.testkit.Fault;
import io.blockmover.testkit.FaultyObjectStore;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.SimulatedCrash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Collections that end anywhere, meet each other, and find things missing. */
final class CollectionTroubleTest extends CollectionScene {

  CollectionTroubleTest() throws Exception {}

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
            () ->
                new GarbageCollection(
                        repository, Scene.HOST, GcOptions.DEFAULT, stopping, Parallel.NONE)
                    .run())
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
    BackupRow row = Scene.head(repository).head().backups().getFirst();
    Manifest manifest = new ManifestStore(repository.documents()).load(row);
    memory.delete(PackKind.USAGE.keyOf(manifest.usage().getFirst().reference().name()));
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
}
