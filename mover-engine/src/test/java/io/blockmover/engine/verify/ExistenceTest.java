package io.blockmover.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.testkit.MemoryObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExistenceTest {

  @Test
  void findsManyByListingOnlyTheirPartOfTheStore() throws Exception {
    MemoryObjectStore store = new MemoryObjectStore();
    for (int i = 0; i < 2000; i++) {
      store.put("d/%05d".formatted(i), ByteBuffer.allocate(i));
    }
    AtomicInteger shown = new AtomicInteger();
    List<String> wanted = new ArrayList<>();
    for (int i = 500; i < 1000; i += 2) {
      wanted.add("d/%05d".formatted(i));
    }
    wanted.add("d/00700x");
    Map<String, Long> sizes = new Existence(counting(store, shown)).sizes("d/", wanted);
    assertThat(sizes).hasSize(250).containsEntry("d/00500", 500L).containsEntry("d/00998", 998L);
    assertThat(shown.get()).isLessThan(510);
  }

  private static ForwardingObjectStore counting(MemoryObjectStore store, AtomicInteger shown) {
    return new ForwardingObjectStore(store) {
      @Override
      public ObjectListing list(String prefix, String after) {
        ObjectListing listing = super.list(prefix, after);
        return () -> {
          shown.incrementAndGet();
          return listing.next();
        };
      }
    };
  }
}
