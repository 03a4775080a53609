package io.blockmover.engine.backup;

import static io.blockmover.engine.backup.ResumeFixture.CHUNK;
import static io.blockmover.engine.backup.ResumeFixture.SIZE;
import static io.blockmover.engine.backup.ResumeFixture.backUp;
import static io.blockmover.engine.backup.ResumeFixture.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.MoverException;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.api.store.VersionTag;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.Forget;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.testkit.Fault;
import io.blockmover.testkit.FaultyObjectStore;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.SimulatedCrash;
import io.blockmover.testkit.TestSeed;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Success means that this run's content is stored, whatever other runs of the session did. */
class SupersededSessionTest {

  private ResumeFixture fixture;

  @BeforeEach
  void createRepository() throws Exception {
    fixture = new ResumeFixture(TestSeed.random("superseded"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSessionWhoseBackupWasForgottenIsNotContinued(boolean immutable) throws Exception {
    MemoryObjectStore store = crashAfterCommit(immutable);
    Repository repository = BackupFixture.open(store);
    String lost = rows(repository).getLast().id();
    assertThat(new Forget(repository).forget("v", Set.of(lost))).containsExactly(lost);

    WatchedSource again = new WatchedSource(source(fixture.content, immutable));
    BackupReport report = backUp(store, again);
    assertThat(again.bytesRead()).isEqualTo(SIZE);
    assertThat(rows(repository)).extracting(BackupRow::id).contains(report.backup());
    assertThat(BackupFixture.of(store).restore(report.backup())).isEqualTo(fixture.content);
  }

  /** A store as it is after a crash between the commit and the end of the session. */
  private MemoryObjectStore crashAfterCommit(boolean immutable) throws MoverException {
    MemoryObjectStore store = fixture.store;
    ObjectStore dying =
        new ForwardingObjectStore(store) {
          @Override
          public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
              throws MoverException {
            super.replace(key, body, expected);
            throw new SimulatedCrash("after " + key);
          }
        };
    assertThatThrownBy(() -> backUp(dying, source(fixture.content, immutable)))
        .isInstanceOf(SimulatedCrash.class);
    assertThat(rows(BackupFixture.open(store))).hasSize(2);
    assertThat(ResumeFixture.journals(store)).isNotEmpty();
    return store;
  }

  private static List<BackupRow> rows(Repository repository) throws MoverException {
    HeadStore heads = new HeadStore(repository);
    return heads.all(heads.load("v").head());
  }

  /** Before a pack: this run has offered nothing yet. Before the manifest: it will have. */
  @ParameterizedTest
  @ValueSource(strings = {"d/", "s/"})
  void whatAnotherRunOfTheSessionCommittedIsNoSuccessOfThisOne(String moment) throws Exception {
    MemoryObjectStore store = fixture.store;
    byte[] old = fixture.content.clone();
    ResumeFixture.crashAfterRecords(store, source(old, false), 3);
    byte[] now = old.clone();
    TestSeed.random("superseded-now").nextBytes(now);
    AtomicReference<BackupReport> other = new AtomicReference<>();

    BackupReport report =
        backUp(
            interposed(store, moment, () -> other.set(backUp(store, source(old, false)))),
            source(now, false));
    BackupFixture reader = BackupFixture.of(store);
    assertThat(reader.restore(other.get().backup())).isEqualTo(old);
    assertThat(report.backup()).isNotEqualTo(other.get().backup());
    assertThat(reader.restore(report.backup())).isEqualTo(now);
    assertThat(report.readBytes()).isEqualTo(SIZE);
    assertThat(report.changedBytes()).isEqualTo(20 * CHUNK + 4096);
  }

  /** What another run does meanwhile. */
  private interface Action {
    void run() throws MoverException;
  }

  private static ObjectStore interposed(ObjectStore store, String prefix, Action action) {
    AtomicBoolean done = new AtomicBoolean();
    return new ForwardingObjectStore(store) {
      @Override
      public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
        if (key.startsWith(prefix) && done.compareAndSet(false, true)) {
          action.run();
        }
        return super.putIfAbsent(key, body);
      }
    };
  }

  @Test
  void aPackOfUnknownFateIsAPlainFailure() throws Exception {
    FaultyObjectStore faulty = new FaultyObjectStore(fixture.store);
    faulty.always(StoreOperation.PUT_IF_ABSENT, "d/", Fault.lostReply());
    assertThatThrownBy(() -> backUp(faulty, source(fixture.content, false)))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("nothing was committed");
    assertThat(rows(BackupFixture.open(fixture.store))).hasSize(1);
  }
}
