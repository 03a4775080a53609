package io.blockmover.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectStore.ObjectListing;
import io.blockmover.api.store.ObjectSummary;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the parts of {@link ObjectStoreConformance} share. */
public abstract class ObjectStoreFixture {

  private @Nullable ObjectStore store;

  /** Opens the store under test on a place that holds nothing. Called once for each test. */
  protected abstract ObjectStore createStore() throws Exception;

  /**
   * A second client of the same place, as another process would be; by default the same object. The
   * kit closes it.
   */
  protected ObjectStore createSecondClient(ObjectStore first) throws Exception {
    return first;
  }

  /** How many keys to list; more than fit one page of the store. */
  protected int manyKeys() {
    return 2_100;
  }

  /** The size of a large object. */
  protected int largeBytes() {
    return 8 << 20;
  }

  /** How often the races are run. */
  protected int raceRounds() {
    return 20;
  }

  @BeforeEach
  final void openStore() throws Exception {
    store = createStore();
  }

  @AfterEach
  final void closeStore() {
    if (store != null) {
      store.close();
    }
  }

  /** The store under test. */
  protected final ObjectStore store() {
    if (store == null) {
      throw new IllegalStateException("the store is opened before each test");
    }
    return store;
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  final void assertHolds(String key, String text) throws MoverException {
    assertThat(new String(store().load(key, 1 << 20).bytes(), UTF_8)).isEqualTo(text);
  }

  final List<ObjectSummary> list(String prefix, String startAfter) throws MoverException {
    List<ObjectSummary> objects = new ArrayList<>();
    ObjectListing listing = store().list(prefix, startAfter);
    for (Optional<ObjectSummary> next = listing.next(); next.isPresent(); next = listing.next()) {
      objects.add(next.get());
    }
    return objects;
  }

  final List<String> keys(String prefix, String startAfter) throws MoverException {
    return list(prefix, startAfter).stream().map(ObjectSummary::key).toList();
  }
}
