package io.blockmover.repository.store;

import io.blockmover.api.store.ObjectStore;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.ObjectStoreConformance;
import org.junit.jupiter.api.Nested;

/** Each wrapper is a store as well. */
class WrapperConformanceTest {

  @Nested
  class Retrying extends ObjectStoreConformance {
    @Override
    protected ObjectStore createStore() {
      return new RetryingObjectStore(
          new MemoryObjectStore(), RetryPolicy.standard(), Timing.system(), RetryListener.NONE);
    }
  }

  @Nested
  class Throttled extends ObjectStoreConformance {
    @Override
    protected ObjectStore createStore() {
      BandwidthLimit none = new BandwidthLimit(0, Timing.system());
      return new ThrottledObjectStore(new MemoryObjectStore(), none, none);
    }
  }

  @Nested
  class Counting extends ObjectStoreConformance {
    @Override
    protected ObjectStore createStore() {
      return new CountingObjectStore(new MemoryObjectStore());
    }
  }
}
