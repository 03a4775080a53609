package io.blockmover.repository.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.store.ObjectStore;
import io.blockmover.testkit.MemoryObjectStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThrottledObjectStoreTest {

  private final FakeTiming time = new FakeTiming();
  private final ObjectStore store =
      new ThrottledObjectStore(
          new MemoryObjectStore(),
          new BandwidthLimit(1000, time.timing()),
          new BandwidthLimit(0, time.timing()));

  @Test
  void theNextBodyWaitsUntilTheLastIsPaidFor() throws Exception {
    store.put("a", ByteBuffer.allocate(500));
    assertThat(time.waits()).isEmpty();
    store.putIfAbsent("b", ByteBuffer.allocate(2000));
    store.put("c", ByteBuffer.allocate(1));
    assertThat(time.waits()).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(2));
  }

  @Test
  void timeThatWasNotUsedIsNotSaved() throws Exception {
    time.pass(Duration.ofHours(1));
    store.put("a", ByteBuffer.allocate(1000));
    store.put("b", ByteBuffer.allocate(1000));
    assertThat(time.waits()).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void noLimitIsNoWait() throws Exception {
    store.put("a", ByteBuffer.allocate(10));
    for (int i = 0; i < 3; i++) {
      store.read("a", 0, ByteBuffer.allocate(10));
      store.load("a", 10);
    }
    assertThat(time.waits()).isEmpty();
  }

  @Test
  void readsAreLimitedOnTheirOwn() throws Exception {
    MemoryObjectStore memory = new MemoryObjectStore();
    memory.put("a", ByteBuffer.allocate(1000));
    ObjectStore throttled =
        new ThrottledObjectStore(
            memory, new BandwidthLimit(0, time.timing()), new BandwidthLimit(500, time.timing()));
    throttled.read("a", 0, ByteBuffer.allocate(1000));
    throttled.read("a", 0, ByteBuffer.allocate(1));
    assertThat(time.waits()).containsExactly(Duration.ofSeconds(2));
  }
}
