package io.blockmover.repository.session;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The objects of a session: its beat and its journals. */
public final class SessionObjects {

  private SessionObjects() {}

  /** The key of the n-th journal. */
  public static String journalKey(String session, int n) {
    return "w/" + session + "/j-" + HexFormat.of().toHexDigits(n);
  }

  /** Deletes all of a session; the beat last, so that a rest can still be found. */
  public static void delete(ObjectStore store, String session) throws MoverException {
    List<String> journals = new ArrayList<>();
    ObjectStore.ObjectListing listing = store.list("w/" + session + "/j-", "");
    for (Optional<ObjectSummary> found = listing.next();
        found.isPresent();
        found = listing.next()) {
      journals.add(found.get().key());
    }
    if (!journals.isEmpty()) {
      store.deleteAll(journals);
    }
    store.delete(Beat.key(session));
  }
}
