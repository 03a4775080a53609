package io.blockmover.repository.store;

import io.blockmover.api.store.ObjectStore;
import io.blockmover.testkit.ObjectStoreConformance;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreConformanceTest extends ObjectStoreConformance {

  @TempDir Path parent;

  @Override
  protected ObjectStore createStore() {
    return new DirectoryStore(parent.resolve("store"));
  }

  @Override
  protected ObjectStore createSecondClient(ObjectStore first) {
    return new DirectoryStore(parent.resolve("store"));
  }

  /** Directories have no pages, and each key costs an fsync. */
  @Override
  protected int manyKeys() {
    return 60;
  }
}
