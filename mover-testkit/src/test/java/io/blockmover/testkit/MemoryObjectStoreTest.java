package io.blockmover.testkit;

import io.blockmover.api.store.ObjectStore;

class MemoryObjectStoreTest extends ObjectStoreConformance {

  @Override
  protected ObjectStore createStore() {
    return new MemoryObjectStore();
  }
}
