package io.blockmover.engine.backup;

import static io.blockmover.engine.backup.ResumeFixture.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.VersionTag;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.Forget;
import io.blockmover.repository.gc.GarbageCollection;
import io.blockmover.repository.gc.GcOptions;
import io.blockmover.repository.gc.GcWatch;
import io.blockmover.repository.session.SessionHost;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.TestSeed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup that a collection takes for dead at any of its requests: it repairs itself. */
@Tag("slow")
class CollectedBackupTest {

  private static final GcOptions IMPATIENT = new GcOptions(false, Duration.ZERO, Duration.ZERO);
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

  private static void collect(Repository repository) throws MoverException {
    new GarbageCollection(
            repository, SessionHost.current("here", "test", BEATS), IMPATIENT, GcWatch.NONE)
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
