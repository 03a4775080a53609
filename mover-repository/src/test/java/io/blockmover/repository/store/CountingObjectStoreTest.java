package io.blockmover.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectStore.ObjectListing;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.testkit.MemoryObjectStore;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CountingObjectStoreTest {

  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final CountingObjectStore store = new CountingObjectStore(memory);

  @Test
  void itCountsWhatAStoreInMemoryCounts() throws Exception {
    for (int i = 0; i < 1500; i++) {
      store.put("k" + i, ByteBuffer.allocate(2));
    }
    store.replace("k0", ByteBuffer.allocate(3), store.load("k0", 2).version());
    store.read("k1", 1, ByteBuffer.allocate(1));
    store.find("k2");
    ObjectListing listing = store.list("k", "");
    while (listing.next().isPresent()) {
      assertThat(store.usage().requests()).containsKey(StoreOperation.LIST);
    }
    store.deleteAll(Stream.iterate(0, i -> i + 1).limit(1200).map(i -> "k" + i).toList());
    for (StoreOperation operation : StoreOperation.values()) {
      assertThat(store.usage().requests().get(operation))
          .as("%s", operation)
          .isEqualTo(memory.requests(operation));
    }
    assertThat(store.usage().totalRequests()).isEqualTo(memory.requests());
    assertThat(store.usage().uploadedBytes()).isEqualTo(3003);
    assertThat(store.usage().downloadedBytes()).isEqualTo(3);
  }

  @Test
  void failedRequestsCountAndTheirBytesDoNot() {
    assertThatThrownBy(() -> store.read("none", 0, ByteBuffer.allocate(5)))
        .isInstanceOf(ObjectNotFound.class);
    assertThat(store.usage().requests()).containsEntry(StoreOperation.READ, 1L);
    assertThat(store.usage().downloadedBytes()).isZero();
  }
}
