package io.blockmover.repository.gc;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.MoverException;
import io.blockmover.repository.Parallel;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.Forget;
import io.blockmover.repository.commit.Scene;
import io.blockmover.testkit.MemoryObjectStore;
import java.time.Duration;
import java.util.Set;

/** A repository in memory, and what is done to it. */
abstract class CollectionScene {

  /** Whoever does not write at this very moment is taken for dead. */
  static final GcOptions IMPATIENT =
      new GcOptions(false, Duration.ZERO, Duration.ZERO, RepackOptions.DEFAULT);

  static final String VOLUME = Scene.VOLUME;
  static final String OTHER = "other/claim@uid";

  final MemoryObjectStore memory;
  final Repository repository;
  final SmallBackups backups;
  final StoredState stored;

  CollectionScene() throws Exception {
    Scene scene = new Scene();
    memory = scene.memory;
    repository = scene.repository;
    backups = new SmallBackups(repository);
    stored = new StoredState(memory);
  }

  static GcReport collect(Repository repository, GcOptions options) throws MoverException {
    return new GarbageCollection(repository, Scene.HOST, options, GcWatch.NONE, Parallel.NONE)
        .run();
  }

  final GcReport collect() throws MoverException {
    return collect(repository, GcOptions.DEFAULT);
  }

  final void forget(String volume, String... ids) throws MoverException {
    assertThat(new Forget(repository).forget(volume, Set.of(ids))).hasSize(ids.length);
  }

  static MoverException crash() {
    return new AccessDenied("the credentials expired", "");
  }
}
