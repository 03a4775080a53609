package io.blockmover.repository.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.BackupNotFound;
import io.blockmover.api.Cancelled;
import io.blockmover.api.ConditionFailed;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.repository.Repository;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.session.SessionKind;
import io.blockmover.repository.store.CountingObjectStore;
import io.blockmover.testkit.ConcurrentRun;
import io.blockmover.testkit.CrashingObjectStore;
import io.blockmover.testkit.Fault;
import io.blockmover.testkit.FaultyObjectStore;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.SimulatedCrash;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The schedules of the commit protocol's section 6 that concern writers, forget and readers. */
final class CommitScheduleTest {

  private final Scene scene;
  private final FaultyObjectStore faulty;
  private final InterposedStore interposed;
  private final Repository other;
  private final Repository repository;

  CommitScheduleTest() throws Exception {
    scene = new Scene();
    faulty = new FaultyObjectStore(scene.memory);
    interposed = new InterposedStore(faulty);
    repository = Scene.through(interposed);
    other = scene.repository;
  }

  @Test
  void aCommittedBackupIsListedAndItsSessionIsGone() throws Exception {
    BackupRow first = Scene.backUp(repository, Scene.VOLUME);
    BackupRow second = Scene.backUp(repository, Scene.VOLUME);
    assertThat(Scene.ids(other)).containsExactly(first.id(), second.id());
    assertThat(second.parent()).isEqualTo(first.id());
    assertThat(scene.memory.keys("w/")).isEmpty();
  }

  @Test
  void aPlanThatIsPublishedWhileTheManifestIsWrittenIsSeen() throws Exception {
    BackupSession session = Scene.begin(repository);
    PackName pack = session.names().next();
    interposed.before(StoreOperation.PUT_IF_ABSENT, "s/", () -> Scene.plan(other, 1, pack));
    assertThat(session.commit(Scene.draft(repository, session, pack)))
        .isEqualTo(new CommitOutcome.PacksCondemned(Set.of(pack)));
    assertThat(Scene.ids(other)).isEmpty();
    PackName again = session.names().next();
    assertThat(session.commit(Scene.draft(repository, session, again)))
        .isInstanceOf(CommitOutcome.Committed.class);
  }

  @Test
  void anOlderListThanTheNewestIsSeenToo() throws Exception {
    BackupSession session = Scene.begin(repository);
    PackName pack = session.names().next();
    Scene.doom(other, 1, 0, pack);
    assertThat(session.epoch()).isZero();
    assertThat(session.commit(Scene.draft(repository, session, pack)))
        .isEqualTo(new CommitOutcome.PacksCondemned(Set.of(pack)));
  }

  @Test
  void listsUpToTheSessionsEpochAreNotItsConcern() throws Exception {
    PackName old = new PackName(1, 2, 3, 4);
    Scene.doom(other, 1, 0, old);
    BackupSession session = Scene.begin(repository);
    assertThat(session.epoch()).isEqualTo(1);
    assertThat(session.commit(Scene.draft(repository, session)))
        .isInstanceOf(CommitOutcome.Committed.class);
  }

  @Test
  void aPlanThatIsOutAtTheBeginningIsCheckedAtTheEnd() throws Exception {
    PackName shared = new PackName(1, 2, 3, 4);
    Scene.plan(other, 1, shared);
    BackupSession session = Scene.begin(repository);
    assertThat(session.epoch()).isZero();
    assertThat(session.commit(Scene.draft(repository, session, shared)))
        .isInstanceOf(CommitOutcome.PacksCondemned.class);
  }

  @Test
  void aSessionBelowTheFloorStartsOver() throws Exception {
    BackupSession session = Scene.begin(repository);
    Scene.doom(other, 3, 2);
    assertThat(session.commit(Scene.draft(repository, session)))
        .isEqualTo(new CommitOutcome.SessionTooOld(0, 2));
    assertThat(Scene.ids(other)).isEmpty();
  }

  @Test
  void condemnedPacksAreReadAgainAfterALostRound() throws Exception {
    Scene.backUp(other, Scene.VOLUME);
    BackupSession session = Scene.begin(repository);
    PackName pack = session.names().next();
    interposed.before(
        StoreOperation.REPLACE,
        "v/",
        () -> {
          Scene.bury(other);
          Scene.plan(other, 1, pack);
        });
    assertThat(session.commit(Scene.draft(repository, session, pack)))
        .isInstanceOf(CommitOutcome.PacksCondemned.class);
    assertThat(session.statistics().redos())
        .isEqualTo(Map.of(RedoReason.HEAD_MOVED, 1, RedoReason.PACKS_CONDEMNED, 1));
  }

  @Test
  void aBuriedWriterCommitsUnderANewManifest() throws Exception {
    Scene.backUp(other, Scene.VOLUME);
    BackupSession session = Scene.begin(repository);
    interposed.before(StoreOperation.REPLACE, "v/", () -> Scene.bury(other));
    CommitOutcome outcome = session.commit(Scene.draft(repository, session));
    assertThat(outcome).isInstanceOf(CommitOutcome.Committed.class);
    List<String> offered =
        scene.memory.keys("s/").stream().filter(k -> k.contains(session.backupId())).toList();
    assertThat(offered).hasSize(2);
    assertThat(((CommitOutcome.Committed) outcome).row().manifest()).isIn(offered);
  }

  @Test
  void aCommitWhoseReplyWasLostIsCommitted() throws Exception {
    BackupSession session = Scene.begin(repository);
    faulty.enqueue(StoreOperation.PUT_IF_ABSENT, "v/", Fault.lostReply());
    assertThat(session.commit(Scene.draft(repository, session)))
        .isInstanceOf(CommitOutcome.AlreadyCommitted.class);
    assertThat(Scene.ids(other)).containsExactly(session.backupId());
  }

  @Test
  void aRefusalAfterASecondTransmissionIsNotTakenForDefeat() throws Exception {
    Scene.backUp(other, Scene.VOLUME);
    BackupSession session = Scene.begin(repository);
    faulty.enqueue(
        StoreOperation.REPLACE, "v/", new Fault.FailAfter(() -> new ConditionFailed("412", "")));
    assertThat(session.commit(Scene.draft(repository, session)))
        .isInstanceOf(CommitOutcome.AlreadyCommitted.class);
  }

  @Test
  void aForgottenBackupIsNeverOfferedAgain() throws Exception {
    Scene.backUp(other, Scene.VOLUME);
    BackupSession session = Scene.begin(repository);
    faulty.enqueue(
        StoreOperation.REPLACE,
        "v/",
        new Fault.FailAfter(
            () -> {
              try {
                new Forget(other).forget(Scene.VOLUME, Set.of(session.backupId()));
              } catch (MoverException e) {
                throw new IllegalStateException(e);
              }
              return new WriteOutcomeUnknown("lost", "");
            }));
    assertThat(session.commit(Scene.draft(repository, session)))
        .isEqualTo(new CommitOutcome.Forgotten(session.backupId()));
    assertThat(Scene.ids(other)).doesNotContain(session.backupId());
  }

  @Test
  void aLateSwapCannotCommitAfterAReportedFailure() throws Exception {
    Scene.backUp(other, Scene.VOLUME);
    BackupSession session = Scene.begin(repository);
    faulty.enqueue(StoreOperation.REPLACE, "v/", Fault.lateRequest());
    interposed.before(
        StoreOperation.REPLACE,
        "v/",
        () ->
            faulty.enqueue(
                StoreOperation.LOAD,
                "v/",
                Fault.failBefore(() -> new AccessDenied("expired", ""))));
    assertThatThrownBy(() -> session.commit(Scene.draft(repository, session)))
        .isInstanceOf(AccessDenied.class);
    faulty.applyLate();
    assertThat(Scene.ids(other)).doesNotContain(session.backupId());
    assertThat(session.cancel()).isEqualTo(CancelOutcome.NOT_COMMITTED);
  }

  @Test
  void whatCannotBeSettledIsNeverCalledAFailure() throws Exception {
    Scene.backUp(other, Scene.VOLUME);
    BackupSession session = Scene.begin(repository);
    interposed.before(
        StoreOperation.REPLACE,
        "v/",
        () ->
            faulty.always(
                StoreOperation.LOAD,
                "v/",
                Fault.failBefore(() -> new AccessDenied("expired", ""))));
    faulty.enqueue(StoreOperation.REPLACE, "v/", Fault.lostReply());
    assertThatThrownBy(() -> session.commit(Scene.draft(repository, session)))
        .isInstanceOf(WriteOutcomeUnknown.class);
    faulty.clear();
    assertThat(session.cancel()).isEqualTo(CancelOutcome.COMMITTED);
    assertThat(Scene.ids(other)).contains(session.backupId());
  }

  @Test
  void anErrorWithAnOfferUnderWayGivesTheOfferUp() throws Exception {
    Scene.backUp(other, Scene.VOLUME);
    BackupSession session = Scene.begin(repository);
    faulty.enqueue(StoreOperation.REPLACE, "v/", Fault.lateRequest());
    interposed.before(
        StoreOperation.REPLACE,
        "v/",
        () ->
            interposed.before(
                StoreOperation.LOAD,
                "v/",
                () -> {
                  throw new IllegalStateException("a bug");
                }));
    assertThatThrownBy(() -> session.commit(Scene.draft(repository, session)))
        .isInstanceOf(IllegalStateException.class);
    faulty.applyLate();
    assertThat(Scene.ids(other)).doesNotContain(session.backupId());
    assertThat(session.isOpen()).isFalse();
  }

  @Test
  void whatIsSettledIsNotCalledUnknown() throws Exception {
    Scene.backUp(other, Scene.VOLUME);
    BackupSession session = Scene.begin(repository);
    for (int swap = 0; swap < 10; swap++) {
      faulty.enqueue(StoreOperation.REPLACE, "v/", Fault.lostRequest());
    }
    assertThatThrownBy(() -> session.commit(Scene.draft(repository, session)))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("was not committed");
    assertThat(Scene.ids(other)).doesNotContain(session.backupId());
  }

  @Test
  void aStoreThatTakesNoWritesIsAskedOnceAboveTheRetryLayerAndTheFailureIsPlain() throws Exception {
    BackupRow first = Scene.backUp(other, Scene.VOLUME);
    CountingObjectStore counting = new CountingObjectStore(faulty);
    Repository counted = Scene.through(counting);
    BackupSession session = Scene.begin(counted);
    faulty.always(StoreOperation.REPLACE, "v/", Fault.unavailable());
    assertThatThrownBy(() -> session.commit(Scene.draft(counted, session)))
        .isInstanceOf(StoreUnavailable.class);
    assertThat(session.isOpen()).isFalse();
    assertThatThrownBy(() -> new Forget(counted).forget(Scene.VOLUME, Set.of(first.id())))
        .isInstanceOf(StoreUnavailable.class);
    assertThat(counting.usage().requests()).containsEntry(StoreOperation.REPLACE, 2L);
    faulty.clear();
    assertThat(Scene.ids(other)).containsExactly(first.id());
  }

  @Test
  void aStoreThatAnswersNoWriteIsNotAskedForHours() throws Exception {
    BackupRow first = Scene.backUp(other, Scene.VOLUME);
    CountingObjectStore counting = new CountingObjectStore(faulty);
    Repository counted = Scene.through(counting);
    BackupSession session = Scene.begin(counted);
    faulty.always(StoreOperation.PUT_IF_ABSENT, "s/", Fault.lostRequest());
    assertThatThrownBy(() -> session.commit(Scene.draft(counted, session)))
        .isInstanceOf(MoverException.class);
    assertThat(counting.usage().requests()).containsEntry(StoreOperation.PUT_IF_ABSENT, 3L);
    faulty.clear();
    faulty.always(StoreOperation.REPLACE, "v/", Fault.lostRequest());
    assertThatThrownBy(() -> session.commit(Scene.draft(counted, session)))
        .isInstanceOf(WriteOutcomeUnknown.class);
    assertThat(counting.usage().requests()).containsEntry(StoreOperation.REPLACE, 20L);
    assertThatThrownBy(() -> new Forget(counted).forget(Scene.VOLUME, Set.of(first.id())))
        .isInstanceOf(WriteOutcomeUnknown.class)
        .hasMessageContaining("it is not known whether");
    assertThat(counting.usage().requests()).containsEntry(StoreOperation.REPLACE, 31L);
  }

  @Test
  void anInterruptedWriterStillSettlesItsOffer() throws Exception {
    Scene.backUp(other, Scene.VOLUME);
    BackupSession session = Scene.begin(repository);
    interposed.before(StoreOperation.REPLACE, "v/", () -> Thread.currentThread().interrupt());
    try {
      assertThatThrownBy(() -> session.commit(Scene.draft(repository, session)))
          .isInstanceOf(Cancelled.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertThat(Scene.ids(other)).doesNotContain(session.backupId());
    assertThat(Scene.head(other).head().seq()).isEqualTo(2);
  }

  @Test
  void aBackupForgottenBeforeThePinIsThereIsNotRead() throws Exception {
    BackupRow row = Scene.backUp(other, Scene.VOLUME);
    interposed.before(
        StoreOperation.PUT, "w/", () -> new Forget(other).forget(Scene.VOLUME, Set.of(row.id())));
    assertThatThrownBy(
            () ->
                ReadLease.open(repository, Scene.HOST, SessionKind.RESTORE, Scene.VOLUME, row.id()))
        .isInstanceOf(BackupNotFound.class);
    assertThat(scene.memory.keys("w/")).isEmpty();
  }

  @Test
  void aReaderPinsItsManifestAndGivesItBack() throws Exception {
    BackupRow row = Scene.backUp(other, Scene.VOLUME);
    try (ReadLease lease =
        ReadLease.open(repository, Scene.HOST, SessionKind.RESTORE, Scene.VOLUME, row.id())) {
      assertThat(lease.manifest().backup()).isEqualTo(row.id());
      assertThat(scene.memory.keys("w/")).hasSize(1);
      ObjectNotFound missing = new ObjectNotFound("x", "");
      assertThatThrownBy(() -> lease.replacedAfterMissing("d/x", missing))
          .isInstanceOf(CorruptData.class);
      new Forget(other).forget(Scene.VOLUME, Set.of(row.id()));
      assertThatThrownBy(() -> lease.replacedAfterMissing("d/x", missing))
          .isInstanceOf(BackupNotFound.class);
    }
    assertThat(scene.memory.keys("w/")).isEmpty();
  }

  @Test
  void writersOfOneVolumeThatRaceAllCommit() throws Exception {
    List<Callable<String>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Repository own = Scene.through(scene.memory);
      writers.add(() -> Scene.backUp(own, Scene.VOLUME).id());
    }
    List<String> ids = ConcurrentRun.all(writers);
    assertThat(Scene.ids(other)).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(Scene.head(other).head().seq()).isEqualTo(4);
  }

  @Test
  void everyRequestOfACommitMayLoseItsReplyAndTheOutcomeIsTrue() throws Exception {
    for (Fault fault : List.of(Fault.lostReply(), Fault.lostRequest(), Fault.unavailable())) {
      for (StoreOperation operation :
          List.of(
              StoreOperation.PUT,
              StoreOperation.PUT_IF_ABSENT,
              StoreOperation.REPLACE,
              StoreOperation.DELETE,
              StoreOperation.LOAD,
              StoreOperation.LIST)) {
        for (int skipped = 0; skipped < 6; skipped++) {
          commitWithFault(operation, skipped, fault);
        }
      }
    }
  }

  private static void commitWithFault(StoreOperation operation, int skipped, Fault fault)
      throws Exception {
    Scene scene = new Scene();
    Scene.backUp(scene.repository, Scene.VOLUME);
    FaultyObjectStore faulty = new FaultyObjectStore(scene.memory);
    Repository repository = Scene.through(faulty);
    BackupSession session = Scene.begin(repository);
    for (int i = 0; i < skipped; i++) {
      faulty.enqueue(operation, harmless());
    }
    faulty.enqueue(operation, fault);
    boolean committed;
    try {
      CommitOutcome outcome = session.commit(Scene.draft(repository, session));
      committed =
          outcome instanceof CommitOutcome.Committed
              || outcome instanceof CommitOutcome.AlreadyCommitted;
    } catch (WriteOutcomeUnknown e) {
      return;
    } catch (MoverException e) {
      committed = false;
    }
    assertThat(Scene.ids(scene.repository).contains(session.backupId()))
        .as("%s after %d: %s", operation, skipped, fault)
        .isEqualTo(committed);
  }

  /** A pause that nobody has to end: the request does what it should. */
  private static Fault harmless() {
    Fault.Pause pause = Fault.pause();
    pause.release();
    return pause;
  }

  @Test
  void aCrashAtAnyRequestLeavesTheBackupWholeOrAbsent() throws Exception {
    for (boolean applied : List.of(true, false)) {
      for (int fatal = 1; fatal < 12; fatal++) {
        Scene scene = new Scene();
        BackupRow first = Scene.backUp(scene.repository, Scene.VOLUME);
        MemoryObjectStore memory = scene.memory;
        Repository dying = Scene.through(new CrashingObjectStore(memory, fatal, applied));
        String id = null;
        try {
          BackupSession session = Scene.begin(dying);
          id = session.backupId();
          session.commit(Scene.draft(dying, session));
        } catch (SimulatedCrash e) {
          // as planned
        }
        List<String> ids = Scene.ids(scene.repository);
        assertThat(ids).startsWith(first.id()).hasSizeLessThan(3);
        if (ids.size() == 2) {
          assertThat(ids.get(1)).isEqualTo(id);
          try (ReadLease lease =
              ReadLease.open(
                  scene.repository, Scene.HOST, SessionKind.RESTORE, Scene.VOLUME, ids.get(1))) {
            assertThat(lease.manifest().backup()).isEqualTo(id);
          }
        }
        assertThat(Scene.backUp(scene.repository, Scene.VOLUME).parent()).isEqualTo(ids.getLast());
      }
    }
  }
}
