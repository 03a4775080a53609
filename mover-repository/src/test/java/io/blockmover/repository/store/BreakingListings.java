package io.blockmover.repository.store;

import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.ObjectStore;
import java.time.Duration;

/** Each listing breaks after 700 keys. */
final class BreakingListings extends ForwardingObjectStore {

  BreakingListings(ObjectStore next) {
    super(next);
  }

  @Override
  public ObjectListing list(String prefix, String startAfter) {
    ObjectListing listing = next().list(prefix, startAfter);
    int[] delivered = {0};
    return () -> {
      if (delivered[0]++ == 700) {
        throw new StoreUnavailable("cut", Duration.ZERO, null);
      }
      return listing.next();
    };
  }
}
