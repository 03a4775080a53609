package io.blockmover.repository.gc;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;

/** The plans and doom lists that lie in the store, whoever names them. */
final class ListedLists {

  private final Map<String, Instant> written = new HashMap<>();

  static ListedLists load(ObjectStore store) throws MoverException {
    ListedLists lists = new ListedLists();
    ObjectStore.ObjectListing listing = store.list("gc/", "");
    for (Optional<ObjectSummary> found = listing.next();
        found.isPresent();
        found = listing.next()) {
      if (PackLists.KEY.matcher(found.get().key()).matches()) {
        lists.written.put(found.get().key(), found.get().lastModified());
      }
    }
    return lists;
  }

  private static long epochOf(String key) {
    Matcher matcher = PackLists.KEY.matcher(key);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(key);
    }
    return Long.parseLong(matcher.group(1));
  }

  /**
   * Refuses a {@code gc/HEAD} that has forgotten epochs: sessions know them by number.
   *
   * @param head read after these were listed
   */
  void requireNotOlder(GcHead head) throws MoverException {
    for (String key : written.keySet()) {
      if (epochOf(key) > head.finalEpoch() + 1) {
        throw new CorruptData(
                GcHead.KEY, "epoch " + (epochOf(key) - 1) + " or later", head.finalEpoch() + "")
            .advising(
                "an older state of this object was put back, or it was deleted: put the newest one"
                    + " back; until then nothing is deleted");
      }
    }
  }

  /**
   * Lists that nobody names, and nobody can come to name: a collection that slept may still publish
   * one of the epoch after the final one, of no other.
   */
  List<String> unnamed(GcHead head) {
    Set<String> named = new HashSet<>();
    head.lists().forEach(list -> named.add(list.key()));
    List<String> keys = new ArrayList<>();
    for (String key : written.keySet()) {
      if (epochOf(key) <= head.finalEpoch() && !named.contains(key)) {
        keys.add(key);
      }
    }
    return keys;
  }

  /** G8: up to which epoch lists are old and many enough to be dropped. */
  long floor(GcHead head, GcLimits limits, Instant now) {
    long floor = head.floor();
    for (GcHead.DoomList list : head.lists()) {
      Instant time = written.get(list.key());
      boolean isOld = time != null && time.plus(limits.keptFor()).isBefore(now);
      if (list.epoch() != floor + 1
          || list.epoch() > head.finalEpoch() - limits.keptLists()
          || !isOld) {
        break;
      }
      floor = list.epoch();
    }
    return floor;
  }
}
