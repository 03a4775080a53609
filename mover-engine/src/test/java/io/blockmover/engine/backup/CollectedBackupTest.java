package io.blockmover.engine.backup;

import static io.blockmover.engine.backup.ResumeFixture.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.VersionTag;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.engine.restore.Restore;
import io.blockmover.engine.restore.RestoreReport;
import io.blockmover.engine.restore.RestoreRequest;
import io.blockmover.engine.verify.Verification;
import io.blockmover.engine.verify.VerifyReport;
import io.blockmover.engine.verify.VerifyRequest;
import io.blockmover.repository.Parallel;
import io.blockmover.repository.Repository;
import io.blockmover.repository.catalogue.BackupFinder;
import io.blockmover.repository.commit.Forget;
import io.blockmover.repository.gc.GarbageCollection;
import io.blockmover.repository.gc.GcOptions;
import io.blockmover.repository.gc.GcWatch;
import io.blockmover.repository.gc.RepackOptions;
import io.blockmover.repository.session.SessionHost;
import io.blockmover.testkit.MemoryBlockSource;
import io.blockmover.testkit.MemoryBlockTarget;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.TestSeed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup that a collection takes for dead at any of its requests: it repairs itself. */
@Tag("slow")
class CollectedBackupTest {

  private static final GcOptions IMPATIENT =
      new GcOptions(false, Duration.ZERO, Duration.ZERO, RepackOptions.DEFAULT);
  private static final ScheduledExecutorService BEATS =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  @AfterAll
  static void stop() {
    BEATS.shutdownNow();
  }

  /** What somebody else does meanwhile. */
  private interface Action {
    void run() throws MoverException;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCollectionAtAnyRequestCostsTimeAndNothingElse(boolean parentForgotten) throws Exception {
    int requests = Integer.MAX_VALUE;
    for (int request = 1; request <= requests; request++) {
      ResumeFixture fixture = new ResumeFixture(TestSeed.random("collected"));
      MemoryObjectStore store = fixture.store;
      Repository other = BackupFixture.open(store);
      Action collection =
          () -> {
            if (parentForgotten) {
              new Forget(other).forget("v", Set.of(fixture.first));
            }
            collect(other);
          };
      AtomicInteger count = new AtomicInteger();
      BackupReport report =
          ResumeFixture.backUp(
              interrupted(store, request, count, collection), source(fixture.content, true));
      BackupFixture reader = BackupFixture.of(store);
      assertThat(reader.restore(report.backup()))
          .as("request %d", request)
          .isEqualTo(fixture.content);
      collect(other);
      assertThat(reader.restore(report.backup()))
          .as("request %d", request)
          .isEqualTo(fixture.content);
      if (!parentForgotten) {
        assertThat(reader.restore(fixture.first)).isEqualTo(fixture.before);
      }
      if (count.get() < request) {
        requests = request;
      }
    }
    assertThat(requests).isGreaterThan(30);
  }

  /** A backup of which little is left in a large pack, made by its parent that was forgotten. */
  private static final class LittleLeft {
    final MemoryObjectStore store = new MemoryObjectStore();
    final byte[] content;
    final String backup;

    LittleLeft(Random random) throws MoverException {
      byte[] before = new byte[48 * ResumeFixture.CHUNK];
      random.nextBytes(before);
      content = before.clone();
      byte[] changed = new byte[40 * ResumeFixture.CHUNK];
      random.nextBytes(changed);
      System.arraycopy(changed, 0, content, 2 * ResumeFixture.CHUNK, changed.length);
      BackupFixture fixture = new BackupFixture(store, ResumeFixture.CHUNK);
      String first = fixture.backUp("v", new MemoryBlockSource(before)).backup();
      backup = fixture.backUp("v", new MemoryBlockSource(content)).backup();
      new Forget(fixture.repository).forget("v", Set.of(first));
    }
  }

  @Test
  void aBackupWhoseParentIsMovedToOtherPacksAtAnyRequestIsWhole() throws Exception {
    int requests = Integer.MAX_VALUE;
    int moved = 0;
    for (int request = 1; request <= requests; request++) {
      LittleLeft little = new LittleLeft(TestSeed.random("moved parent"));
      Repository other = BackupFixture.open(little.store);
      AtomicInteger count = new AtomicInteger();
      byte[] now = little.content.clone();
      now[10] ^= 1;
      now[45 * ResumeFixture.CHUNK] ^= 1;
      String before = new BackupFinder(other).find(little.backup).row().manifest();
      BackupReport report =
          ResumeFixture.backUp(
              interrupted(little.store, request, count, () -> collect(other)), source(now, true));
      BackupFixture reader = BackupFixture.of(little.store);
      assertThat(reader.restore(report.backup())).as("request %d", request).isEqualTo(now);
      assertThat(reader.restore(little.backup)).isEqualTo(little.content);
      moved += new BackupFinder(other).find(little.backup).row().manifest().equals(before) ? 0 : 1;
      if (count.get() < request) {
        requests = request;
      }
    }
    assertThat(requests).isGreaterThan(15);
    assertThat(moved).as("how often the parent was moved").isGreaterThan(requests / 2);
  }

  @Test
  void aRestoreGoesOnWhereTheBackupIsMovedToOtherPacksAtAnyRead() throws Exception {
    int requests = Integer.MAX_VALUE;
    for (int request = 1; request <= requests; request++) {
      LittleLeft little = new LittleLeft(TestSeed.random("moved restore"));
      Repository other = BackupFixture.open(little.store);
      AtomicInteger count = new AtomicInteger();
      Repository reading =
          BackupFixture.open(interrupted(little.store, request, count, () -> collect(other)));
      MemoryBlockTarget target = new MemoryBlockTarget(little.content.length);
      RestoreReport report =
          new Restore(
                  reading,
                  new RestoreRequest(
                      little.backup, target, false, true, false, false, BackupFixture.TINY),
                  new Progress(),
                  new Cancellation())
              .run();
      assertThat(report.lost()).isEmpty();
      assertThat(target.content()).as("request %d", request).isEqualTo(little.content);
      if (count.get() < request) {
        requests = request;
      }
    }
    assertThat(requests).isGreaterThan(8);
  }

  @Test
  void aVerificationOfABackupThatIsMovedMeanwhileFindsNothingWrong() throws Exception {
    int requests = Integer.MAX_VALUE;
    for (int request = 1; request <= requests; request++) {
      LittleLeft little = new LittleLeft(TestSeed.random("moved verification"));
      Repository other = BackupFixture.open(little.store);
      AtomicInteger count = new AtomicInteger();
      Repository reading =
          BackupFixture.open(interrupted(little.store, request, count, () -> collect(other)));
      VerifyReport report =
          new Verification(
                  reading,
                  new VerifyRequest(
                      List.of(little.backup),
                      VerifyRequest.Level.DATA,
                      Optional.empty(),
                      BackupFixture.TINY),
                  new Progress(),
                  new Cancellation())
              .run();
      assertThat(report.findings()).as("request %d", request).isEmpty();
      assertThat(report.forgotten()).isEmpty();
      if (count.get() < request) {
        requests = request;
      }
    }
    assertThat(requests).isGreaterThan(8);
  }

  private static void collect(Repository repository) throws MoverException {
    new GarbageCollection(
            repository,
            SessionHost.current("here", "test", BEATS),
            IMPATIENT,
            GcWatch.NONE,
            Parallel.NONE)
        .run();
  }

  private static ObjectStore interrupted(
      ObjectStore store, int request, AtomicInteger count, Action action) {
    return new ForwardingObjectStore(store) {
      private void meet() throws MoverException {
        if (count.incrementAndGet() == request) {
          action.run();
        }
      }

      @Override
      public VersionTag put(String key, ByteBuffer body) throws MoverException {
        meet();
        return super.put(key, body);
      }

      @Override
      public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
        meet();
        return super.putIfAbsent(key, body);
      }

      @Override
      public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
          throws MoverException {
        meet();
        return super.replace(key, body, expected);
      }

      @Override
      public void read(String key, long offset, ByteBuffer into) throws MoverException {
        meet();
        super.read(key, offset, into);
      }

      @Override
      public LoadedObject load(String key, int maxBytes) throws MoverException {
        meet();
        return super.load(key, maxBytes);
      }
    };
  }
}
