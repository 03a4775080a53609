package io.blockmover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.store.ObjectStore.ObjectListing;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashingObjectStoreTest {

  private final MemoryObjectStore memory = new MemoryObjectStore();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theFatalRequestIsAppliedOrNotAndNothingAfterIt(boolean applied) throws Exception {
    CrashingObjectStore store = new CrashingObjectStore(memory, 2, applied);
    ObjectListing listing = store.list("", "");
    store.put("a", ByteBuffer.allocate(1));
    store.find("a");
    assertThatThrownBy(() -> store.put("b", ByteBuffer.allocate(1)))
        .isInstanceOf(SimulatedCrash.class);
    assertThatThrownBy(() -> store.put("c", ByteBuffer.allocate(1)))
        .isInstanceOf(SimulatedCrash.class);
    assertThatThrownBy(() -> store.find("a")).isInstanceOf(SimulatedCrash.class);
    assertThatThrownBy(listing::next).isInstanceOf(SimulatedCrash.class);
    assertThat(store.crashed()).isTrue();
    if (applied) {
      assertThat(memory.keys("")).containsExactly("a", "b");
    } else {
      assertThat(memory.keys("")).containsExactly("a");
    }
  }

  @Test
  void aRunWithoutACrashCountsWhatAnotherCanCrashAt() throws Exception {
    CrashingObjectStore store = new CrashingObjectStore(memory, Long.MAX_VALUE, false);
    store.put("a", ByteBuffer.allocate(1));
    store.load("a", 1);
    store.putIfAbsent("b", ByteBuffer.allocate(1));
    store.deleteAll(memory.keys(""));
    assertThat(store.mutations()).isEqualTo(4);
    assertThat(store.crashed()).isFalse();
  }
}
