package io.blockmover.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.blockmover.api.ConditionFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.StoreReport.Finding;
import io.blockmover.api.store.StoreReport.Level;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out what the conditional writes of any store are worth. Single requests are not enough:
 * some stores look first and write then, and lose updates only when requests race. It cannot prove
 * atomicity over several gateways or sites; it finds the common lies.
 */
public final class ConditionalPutProbe {

  private static final int WRITERS = 8;
  private static final int INCREMENTS = 25;
  private static final int CONTESTED_KEYS = 20;
  private static final int MAX_BYTES = 1024;
  private static final String NO_VERSION = "00000000000000000000000000000000";

  private final ObjectStore store;
  private final String prefix;
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> written = new ArrayList<>();

  private ConditionalPutProbe(ObjectStore store, String prefix) {
    this.store = store;
    this.prefix = prefix;
  }

  /**
   * What was found.
   *
   * @param putIfAbsent whether it held, alone and in races
   * @param compareAndSwap likewise
   */
  public record Result(boolean putIfAbsent, boolean compareAndSwap, List<Finding> findings) {}

  /**
   * Tries the store out and deletes what it wrote.
   *
   * @param store must declare both conditional writes; each is tried
   * @param prefix of keys that nobody else uses, ending in a slash
   */
  public static Result run(ObjectStore store, String prefix) throws MoverException {
    ConditionalPutProbe probe = new ConditionalPutProbe(store, prefix);
    try {
      boolean putIfAbsent = probe.putIfAbsentHolds() && probe.oneOfManyGetsAFreeKey();
      boolean swap = probe.replaceHolds() && probe.noUpdateIsLost();
      return new Result(putIfAbsent, swap, List.copyOf(probe.findings));
    } finally {
      store.deleteAll(probe.written);
    }
  }

  private boolean putIfAbsentHolds() throws MoverException {
    String key = key("absent");
    store.putIfAbsent(key, bytes("first"));
    boolean refused = refuses(() -> store.putIfAbsent(key, bytes("second")));
    boolean kept = holds(key, "first");
    if (refused && kept) {
      return true;
    }
    note(
        Level.FAILED,
        "put if absent",
        refused
            ? "a refused write changed the object all the same"
            : "the store ignores If-None-Match and overwrites");
    return false;
  }

  private boolean replaceHolds() throws MoverException {
    String key = key("swap");
    VersionTag first = store.put(key, bytes("first"));
    boolean wrongRefused =
        refuses(() -> store.replace(key, bytes("wrong"), new VersionTag(NO_VERSION)));
    boolean rightTaken = !refuses(() -> store.replace(key, bytes("second"), first));
    boolean staleRefused = refuses(() -> store.replace(key, bytes("stale"), first));
    String missing = key("missing");
    boolean missingRefused = refuses(() -> store.replace(missing, bytes("new"), first));
    boolean nothingMade = store.find(missing).isEmpty();
    if (wrongRefused
        && rightTaken
        && staleRefused
        && missingRefused
        && nothingMade
        && holds(key, "second")) {
      return true;
    }
    note(
        Level.WARNING,
        "compare and swap",
        rightTaken
            ? "the store ignores If-Match and overwrites"
            : "the store refuses If-Match even with the right version");
    return false;
  }

  private boolean oneOfManyGetsAFreeKey() throws MoverException {
    for (int i = 0; i < CONTESTED_KEYS; i++) {
      String key = key("contested-" + i);
      List<Race.Turn> turns = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        ByteBuffer body = bytes("writer " + writer);
        turns.add(() -> !refuses(() -> store.putIfAbsent(key, body)) ? 1 : 0);
      }
      int winners = Race.run(turns);
      if (winners != 1) {
        note(
            Level.FAILED,
            "put if absent, raced",
            winners + " of " + WRITERS + " writers were told that they got the same free key");
        return false;
      }
    }
    note(
        Level.GOOD,
        "put if absent",
        "held, also where " + WRITERS + " writers raced for " + CONTESTED_KEYS + " keys");
    return true;
  }

  private boolean noUpdateIsLost() throws MoverException {
    String key = key("counter");
    store.put(key, bytes("0 start"));
    List<Race.Turn> turns = new ArrayList<>();
    for (int writer = 0; writer < WRITERS; writer++) {
      String name = " writer " + writer;
      turns.add(() -> increments(key, name));
    }
    int acknowledged = Race.run(turns);
    int counted = count(store.load(key, MAX_BYTES));
    if (acknowledged == counted) {
      note(Level.GOOD, "compare and swap", "held: " + acknowledged + " racing updates, none lost");
      return true;
    }
    note(
        Level.WARNING,
        "compare and swap, raced",
        "updates are lost in races: " + acknowledged + " acknowledged, " + counted + " found");
    return false;
  }

  /** Each writer tries until all its increments are in; bodies differ, so versions do. */
  private int increments(String key, String name) throws MoverException {
    int done = 0;
    for (int tries = 0; done < INCREMENTS && tries < INCREMENTS * WRITERS * 2; tries++) {
      LoadedObject now = store.load(key, MAX_BYTES);
      ByteBuffer next = bytes((count(now) + 1) + name + " try " + tries);
      if (!refuses(() -> store.replace(key, next, now.version()))) {
        done++;
      }
    }
    return done;
  }

  private static int count(LoadedObject object) {
    String text = new String(object.bytes(), UTF_8);
    return Integer.parseInt(text.substring(0, text.indexOf(' ')));
  }

  private String key(String name) {
    String key = prefix + name;
    written.add(key);
    return key;
  }

  private boolean holds(String key, String text) throws MoverException {
    return new String(store.load(key, MAX_BYTES).bytes(), UTF_8).equals(text);
  }

  private void note(Level level, String check, String text) {
    findings.add(new Finding(level, check, text));
  }

  private interface Write {
    VersionTag send() throws MoverException;
  }

  private static boolean refuses(Write write) throws MoverException {
    try {
      write.send();
      return false;
    } catch (ObjectAlreadyExists | ConditionFailed e) {
      return true;
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
