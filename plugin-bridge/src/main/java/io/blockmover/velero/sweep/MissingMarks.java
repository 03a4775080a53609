package io.blockmover.velero.sweep;

import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Since when backups are missed: an object of one byte for each, {@code sweep/<backup>}, whose time
 * is the store's. No clock of a node is asked, and whoever sweeps the same bucket sees the same.
 */
final class MissingMarks {

  private static final String DIRECTORY = "sweep/";

  private final ObjectStore store;
  private final Supplier<String> names;

  /**
   * @param store of the repository
   * @param names random ones
   */
  MissingMarks(ObjectStore store, Supplier<String> names) {
    this.store = store;
    this.names = names;
  }

  /** Those that there are, by backup. */
  Map<String, Instant> load() throws MoverException {
    Map<String, Instant> marks = new TreeMap<>();
    ObjectStore.ObjectListing listing = store.list(DIRECTORY, "");
    for (Optional<ObjectSummary> found = listing.next();
        found.isPresent();
        found = listing.next()) {
      String name = found.get().key().substring(DIRECTORY.length());
      if (!name.startsWith("now-")) {
        marks.put(name, found.get().lastModified());
      }
    }
    return marks;
  }

  /** The store's time. */
  Instant now() throws MoverException {
    String key = DIRECTORY + "now-" + names.get();
    store.put(key, mark());
    try {
      return store.find(key).map(ObjectSummary::lastModified).orElse(Instant.MIN);
    } finally {
      store.delete(key);
    }
  }

  /** Begins the time of one that is missed; an earlier mark stays. */
  void set(String backup) throws MoverException {
    try {
      store.putIfAbsent(DIRECTORY + backup, mark());
    } catch (ObjectAlreadyExists e) {
      // Another sweep was faster, or our own write whose answer was lost.
    }
  }

  void remove(String backup) throws MoverException {
    store.delete(DIRECTORY + backup);
  }

  /** Not quite empty: stores and their clients differ about objects without a byte. */
  private static ByteBuffer mark() {
    return ByteBuffer.wrap(new byte[] {'\n'});
  }
}
