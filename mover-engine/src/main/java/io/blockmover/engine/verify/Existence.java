package io.blockmover.engine.verify;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the sizes of many objects: by listing if they are many, else one by one. */
final class Existence {

  private static final int FEW = 200;

  private final ObjectStore store;

  Existence(ObjectStore store) {
    this.store = store;
  }

  /** Sizes of those that exist, all of which begin with {@code prefix}. */
  Map<String, Long> sizes(String prefix, Collection<String> keys) throws MoverException {
    Map<String, Long> sizes = new HashMap<>();
    if (keys.size() <= FEW) {
      for (String key : keys) {
        store.find(key).ifPresent(found -> sizes.put(key, found.sizeBytes()));
      }
      return sizes;
    }
    // Callers come with keys that lie together: only their part of the store is listed.
    NavigableSet<String> wanted = new TreeSet<>(keys);
    String justBefore = wanted.first().substring(0, wanted.first().length() - 1);
    ObjectStore.ObjectListing listing = store.list(prefix, justBefore);
    Optional<ObjectSummary> next = listing.next();
    while (next.isPresent() && next.get().key().compareTo(wanted.last()) <= 0) {
      if (wanted.contains(next.get().key())) {
        sizes.put(next.get().key(), next.get().sizeBytes());
      }
      next = listing.next();
    }
    return sizes;
  }
}
