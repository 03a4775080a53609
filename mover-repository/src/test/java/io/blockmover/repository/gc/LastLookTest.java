package io.blockmover.repository.gc;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.VersionTag;
import io.blockmover.repository.Parallel;
import io.blockmover.repository.commit.Forget;
import io.blockmover.repository.commit.ReadLease;
import io.blockmover.repository.commit.Scene;
import io.blockmover.repository.session.SessionKind;
import io.blockmover.testkit.MemoryObjectStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What happens around a collection while it looks for the last time. */
class LastLookTest {

  private static final List<Integer> SHARED = List.of(1);

  private final Scene scene = new Scene();
  private final MemoryObjectStore memory = scene.memory;
  private final SmallBackups backups = new SmallBackups(scene.repository);

  LastLookTest() throws Exception {}

  /** The store as the collection sees it, where others act at two moments of it. */
  private static final class Meanwhile extends ForwardingObjectStore {
    private @Nullable Step beforeThePlan;
    private @Nullable Step betweenPinsAndManifests;
    private boolean planned;

    interface Step {
      void run() throws Exception;
    }

    Meanwhile(ObjectStore next, Step beforeThePlan, Step betweenPinsAndManifests) {
      super(next);
      this.beforeThePlan = beforeThePlan;
      this.betweenPinsAndManifests = betweenPinsAndManifests;
    }

    @Override
    public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
      if (key.contains("/plan-")) {
        planned = true;
        Step step = beforeThePlan;
        beforeThePlan = null;
        run(step);
      }
      return next().putIfAbsent(key, body);
    }

    @Override
    public ObjectListing list(String prefix, String startAfter) {
      if (planned && prefix.equals("s/")) {
        Step step = betweenPinsAndManifests;
        betweenPinsAndManifests = null;
        run(step);
      }
      return next().list(prefix, startAfter);
    }

    private static void run(@Nullable Step step) {
      try {
        if (step != null) {
          step.run();
        }
      } catch (Exception e) {
        throw new AssertionError("what others do", e);
      }
    }
  }

  @Test
  void whatAReaderPinnedStaysThoughHeadIsReadAgainAfterThePins() throws Exception {
    String volume = Scene.VOLUME;
    new Forget(scene.repository).forget(volume, Set.of(backups.backUp(volume, SHARED)));
    String[] taken = new String[1];
    ReadLease[] lease = new ReadLease[1];
    ObjectStore meanwhile =
        new Meanwhile(
            memory,
            () -> taken[0] = backups.backUp(volume, SHARED),
            () -> {
              lease[0] =
                  ReadLease.open(
                      scene.repository, Scene.HOST, SessionKind.RESTORE, volume, taken[0]);
              new Forget(scene.repository).forget(volume, Set.of(taken[0]));
              // Manifests that were built on a later HEAD make the collection read HEAD again.
              for (int chunk = 100; chunk < 110; chunk++) {
                backups.backUp(volume, List.of(chunk));
              }
            });
    Set<String> shared = Set.copyOf(memory.keys("d/"));
    assertThat(shared).hasSize(1);
    new GarbageCollection(
            Scene.through(meanwhile), Scene.HOST, GcOptions.DEFAULT, GcWatch.NONE, Parallel.NONE)
        .run();
    try (ReadLease pinned = lease[0]) {
      assertThat(memory.keys("d/")).containsAll(shared);
      assertThat(memory.has(pinned.row().manifest())).isTrue();
    }
  }
}
