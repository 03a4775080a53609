package io.blockmover.repository.probe;

import io.blockmover.api.ConditionFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.StoreReport;
import io.blockmover.api.store.StoreReport.Finding;
import io.blockmover.api.store.StoreReport.Level;
import io.blockmover.api.store.StoreReport.Suitability;
import io.blockmover.api.store.VersionTag;
import io.blockmover.repository.Randomness;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tries a store's conditional writes, alone and in a race. It finds the common lies; it cannot
 * prove atomicity over several gateways. Writes only under a random prefix, and cleans up.
 */
public final class ConditionalWriteProbe {

  private static final int MAX_BYTES = 1 << 10;

  private final ObjectStore store;
  private final String prefix;
  private final List<String> written = new ArrayList<>();

  public ConditionalWriteProbe(ObjectStore store, Randomness random) {
    this.store = store;
    // Not a directory of its own: a store that is a file system would keep it.
    this.prefix = "probe-" + random.name() + "-";
  }

  /** Runs all steps; an exception is a store that does not work at all. */
  public StoreReport run() throws MoverException {
    try {
      return classify();
    } finally {
      store.deleteAll(written);
    }
  }

  private StoreReport classify() throws MoverException {
    String key = newKey("once");
    String none = "put-if-absent (If-None-Match) does not hold";
    if (!store.properties().putIfAbsent()) {
      return report(Suitability.UNSAFE, none + ": it has none");
    }
    VersionTag first = store.putIfAbsent(key, body("first"));
    if (!refusesSecond(key)) {
      return report(Suitability.UNSAFE, none + ": it overwrote an object");
    }
    String lie = "compare-and-swap (If-Match) does not hold: ";
    if (!store.properties().compareAndSwap()) {
      return report(Suitability.SINGLE_WRITER, lie + "it has none");
    }
    String problem = compareAndSwapProblem(key, first);
    if (problem.isEmpty()) {
      problem = new ProbeRace(store, newKey("race")).problem();
    }
    return problem.isEmpty()
        ? report(Suitability.SHARED, "they hold, in a race too")
        : report(Suitability.SINGLE_WRITER, lie + problem);
  }

  private static StoreReport report(Suitability suitability, String text) {
    Level level = suitability == Suitability.SHARED ? Level.GOOD : Level.FAILED;
    return new StoreReport(
        suitability, Map.of(), List.of(new Finding(level, "conditional writes", text)));
  }

  private boolean refusesSecond(String key) throws MoverException {
    try {
      store.putIfAbsent(key, body("second"));
      return false;
    } catch (ObjectAlreadyExists refused) {
      return holds(key, "first");
    }
  }

  private String compareAndSwapProblem(String key, VersionTag first) throws MoverException {
    VersionTag second = store.replace(key, body("second"), first);
    if (!holds(key, "second")) {
      return "a write with the right version did not take effect";
    }
    if (second.equals(first)) {
      return "a new version has the tag of the old one";
    }
    if (!refusesReplace(key, first) || !holds(key, "second")) {
      return "it accepted a stale version";
    }
    String missing = newKey("missing");
    if (!refusesReplace(missing, second) || store.find(missing).isPresent()) {
      return "it replaced an object that does not exist";
    }
    return "";
  }

  private boolean refusesReplace(String key, VersionTag stale) throws MoverException {
    try {
      store.replace(key, body("stale"), stale);
      return false;
    } catch (ConditionFailed | ObjectNotFound refused) {
      return true;
    }
  }

  private boolean holds(String key, String text) throws MoverException {
    return ByteBuffer.wrap(store.load(key, MAX_BYTES).bytes()).equals(body(text));
  }

  private String newKey(String name) {
    written.add(prefix + name);
    return prefix + name;
  }

  private static ByteBuffer body(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
