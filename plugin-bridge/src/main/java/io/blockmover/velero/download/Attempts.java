package io.blockmover.velero.download;

import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.transfer.Transfer;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which pod of a transfer is at work, noted down on it before the pod is made: of one that somebody
 * deleted nothing else is left.
 *
 * @param pod number of the pod, from 0
 * @param seen whether it was seen at work: if it is not there, somebody deleted it
 * @param deaths how many have died without a word
 * @param notBefore when the pod may be made
 * @param node that it has to run on; empty if any
 */
record Attempts(int pod, boolean seen, int deaths, Instant notBefore, String node) {

  private static final String POD = "blockmover.io/pod";
  private static final String SEEN = "blockmover.io/pod-seen";
  private static final String DEATHS = "blockmover.io/pods-died";
  private static final String NOT_BEFORE = "blockmover.io/pod-not-before";
  private static final String NODE = "blockmover.io/pod-node";

  static Attempts of(Transfer transfer) {
    Map<String, String> notes = transfer.object().annotations();
    return new Attempts(
        number(notes.get(POD)),
        notes.containsKey(SEEN),
        number(notes.get(DEATHS)),
        instant(notes.get(NOT_BEFORE)),
        notes.getOrDefault(NODE, ""));
  }

  private static int number(@Nullable String text) {
    return text == null || !text.matches("[0-9]{1,6}") ? 0 : Integer.parseInt(text);
  }

  private static Instant instant(@Nullable String text) {
    try {
      return text == null ? Instant.EPOCH : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  /** The next pod, after one that died. */
  Attempts afterDeath(Instant now, Duration pause, String where) {
    return new Attempts(pod + 1, false, deaths + 1, now.plus(pause), where);
  }

  /** The next pod, after one that found the repository busy. */
  Attempts afterBusy(Instant now, Duration pause) {
    return new Attempts(pod + 1, false, deaths, now.plus(pause), "");
  }

  /** This pod, which is at work. */
  Attempts afterSeen() {
    return new Attempts(pod, true, deaths, notBefore, node);
  }

  Map<String, @Nullable String> notes() {
    Map<String, @Nullable String> notes = new HashMap<>();
    notes.put(POD, Integer.toString(pod));
    notes.put(SEEN, seen ? "true" : null);
    notes.put(DEATHS, Integer.toString(deaths));
    notes.put(NOT_BEFORE, notBefore.toString());
    notes.put(NODE, node.isEmpty() ? null : node);
    return notes;
  }

  ObjectName podName(Transfer transfer) {
    String name = transfer.objectName();
    return new ObjectName(transfer.name().namespace(), pod == 0 ? name : name + "-" + pod);
  }
}
