package io.blockmover.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.blockmover.api.ConditionFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.StoreReport.Finding;
import io.blockmover.api.store.StoreReport.Level;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

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
  private static final int BUSY_TRIES = 5;
  // On a slow store fewer updates race; enough for the look that follows.
  private static final long LONGEST_NANOS = 8_000_000_000L;
  private static final String NO_VERSION = "00000000000000000000000000000000";

  private final ObjectStore store;
  private final String prefix;
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> written = new ArrayList<>();
  private final AtomicInteger lostReplies = new AtomicInteger();

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
    boolean refused = send(() -> store.putIfAbsent(key, bytes("second"))) != Outcome.TAKEN;
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
    VersionTag never = new VersionTag(NO_VERSION);
    boolean wrongKept =
        send(() -> store.replace(key, bytes("wrong"), never)) != Outcome.TAKEN
            && holds(key, "first");
    send(() -> store.replace(key, bytes("second"), first));
    boolean rightTaken = holds(key, "second");
    boolean staleRefused = send(() -> store.replace(key, bytes("stale"), first)) != Outcome.TAKEN;
    String missing = key("missing");
    boolean missingRefused =
        send(() -> store.replace(missing, bytes("new"), first)) != Outcome.TAKEN;
    boolean nothingMade = store.find(missing).isEmpty();
    if (wrongKept
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
        rightTaken || !wrongKept
            ? "the store ignores If-Match and overwrites"
            : "the store refuses If-Match even with the right version");
    return false;
  }

  private boolean oneOfManyGetsAFreeKey() throws MoverException {
    for (int i = 0; i < CONTESTED_KEYS; i++) {
      String key = key("contested-" + i);
      List<Race.Turn> turns = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        String text = "writer " + writer;
        turns.add(() -> takes(key, text) ? 1 : 0);
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

  /** After a lost reply the object itself says whose it is. */
  private boolean takes(String key, String text) throws MoverException {
    Outcome outcome = send(() -> store.putIfAbsent(key, bytes(text)));
    return outcome == Outcome.TAKEN || (outcome == Outcome.UNKNOWN && holds(key, text));
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
    int unknown = lostReplies.get();
    if (acknowledged > 0 && acknowledged <= counted && counted <= acknowledged + unknown) {
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
    long start = System.nanoTime();
    for (int tries = 0; done < INCREMENTS && System.nanoTime() - start < LONGEST_NANOS; tries++) {
      LoadedObject now = store.load(key, MAX_BYTES);
      ByteBuffer next = bytes((count(now) + 1) + name + " try " + tries);
      switch (send(() -> store.replace(key, next, now.version()))) {
        case TAKEN -> done++;
        case REFUSED -> {}
        case UNKNOWN -> lostReplies.incrementAndGet();
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

  private enum Outcome {
    TAKEN,
    REFUSED,
    UNKNOWN
  }

  private static Outcome send(Write write) throws MoverException {
    for (int tries = 1; ; tries++) {
      try {
        write.send();
        return Outcome.TAKEN;
      } catch (ObjectAlreadyExists | ConditionFailed e) {
        return Outcome.REFUSED;
      } catch (WriteOutcomeUnknown e) {
        return Outcome.UNKNOWN;
      } catch (StoreUnavailable e) {
        if (tries == BUSY_TRIES) {
          throw e;
        }
      }
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
