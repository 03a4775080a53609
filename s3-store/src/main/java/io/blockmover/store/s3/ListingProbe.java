package io.blockmover.store.s3;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore.ObjectListing;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.StoreReport.Finding;
import io.blockmover.api.store.StoreReport.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether listings show at once what was written and deleted, in byte order, from any key on. */
final class ListingProbe {

  static final String CHECK = "listing";

  private static final List<String> KEYS = List.of("list/a-1", "list/a.1", "list/a_1", "list/b");

  private final S3ObjectStore store;
  private final List<Finding> findings;

  ListingProbe(S3ObjectStore store, List<Finding> findings) {
    this.store = store;
    this.findings = findings;
  }

  void run() throws MoverException {
    for (String key : KEYS.reversed()) {
      store.put(key, ByteBuffer.allocate(1));
    }
    List<String> all = keys("");
    List<String> tail = keys("list/a-2");
    store.deleteAll(KEYS);
    List<String> none = keys("");
    if (!all.equals(KEYS)) {
      failed("showed " + all + " where " + KEYS + " had been written");
    } else if (!tail.equals(KEYS.subList(1, KEYS.size()))) {
      failed("showed " + tail + " after list/a-2");
    } else if (!none.isEmpty()) {
      failed("still shows " + none + " after they were deleted");
    } else {
      findings.add(
          new Finding(Level.GOOD, CHECK, "shows writes and deletes at once, in byte order"));
    }
  }

  private void failed(String text) {
    findings.add(new Finding(Level.FAILED, CHECK, text));
  }

  private List<String> keys(String startAfter) throws MoverException {
    List<String> keys = new ArrayList<>();
    ObjectListing listing = store.list("list/", startAfter);
    for (Optional<ObjectSummary> o = listing.next(); o.isPresent(); o = listing.next()) {
      keys.add(o.get().key());
    }
    return keys;
  }
}
