package io.blockmover.repository.gc;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.repository.pack.PackName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Index segments that name no pack any more: what a session writes at level 0 names packs of that
 * session only. Nothing is lost with one that goes too early but an opportunity to deduplicate.
 */
final class IndexOrphans {

  private static final String LEVEL_0 = "i/0/";

  private record Session(long high, long low) {
    static Session of(PackName pack) {
      return new Session(pack.sessionHigh(), pack.sessionLow());
    }
  }

  private final List<PackName> segments = new ArrayList<>();
  private final Map<Session, Integer> dataPacks = new HashMap<>();

  /** Lists the segments; before the packs are listed, for packs are written first. */
  static IndexOrphans load(ObjectStore store) throws MoverException {
    IndexOrphans orphans = new IndexOrphans();
    ObjectStore.ObjectListing listing = store.list(LEVEL_0, "");
    for (Optional<ObjectSummary> found = listing.next();
        found.isPresent();
        found = listing.next()) {
      try {
        orphans.segments.add(PackName.parse(found.get().key().substring(LEVEL_0.length())));
      } catch (IllegalArgumentException notOurs) {
        // Other things may lie there; they are nobody's business.
      }
    }
    return orphans;
  }

  /** A data pack was listed. */
  void there(PackName pack) {
    dataPacks.merge(Session.of(pack), 1, Integer::sum);
  }

  /** A data pack has gone. */
  void gone(PackName pack) {
    dataPacks.computeIfPresent(Session.of(pack), (session, count) -> count == 1 ? null : count - 1);
  }

  /** Keys of the segments of sessions that have no data pack and are not at work. */
  List<String> keys(Sessions sessions) {
    return segments.stream()
        .filter(name -> !dataPacks.containsKey(Session.of(name)))
        .filter(name -> !sessions.isAtWork(name.session()))
        .map(name -> LEVEL_0 + name.text())
        .toList();
  }
}
