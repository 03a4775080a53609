package io.blockmover.velero.transfer;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads transfers, and is the only one that writes to them. Every write changes only fields that
 * are ours, and only if nobody else has changed the object since it was read: otherwise it fails
 * with a conflict ({@link ClusterObjects#conflict}), and whoever wanted to write looks again. So
 * two controllers cannot both accept a transfer, a cancel is never overwritten, and a terminal
 * phase is never left.
 *
 * <p>Thread-safe. All writes return the object as it is then.
 */
public final class Transfers {

  private static final String PHASE = "phase";
  private static final String MESSAGE = "message";
  private static final int LONGEST_MESSAGE = 8192;

  private final ClusterObjects objects;

  public Transfers(ClusterObjects objects) {
    this.objects = objects;
  }

  public Optional<Transfer> find(TransferKind kind, ObjectName name) throws MoverException {
    return objects.find(kind.kind(), name).map(found -> new Transfer(kind, found));
  }

  public List<Transfer> list(TransferKind kind, String namespace) throws MoverException {
    return objects.list(kind.kind(), namespace, Map.of()).stream()
        .map(found -> new Transfer(kind, found))
        .toList();
  }

  /** It waits: keeps it from vanishing, and says how long the queue is. */
  public Transfer queue(Transfer seen, String message) throws MoverException {
    return write(seen, Map.of(MESSAGE, message), metadata(seen, true, Map.of()));
  }

  /** It is ours from now on. */
  public Transfer accept(Transfer seen, String by, Instant now) throws MoverException {
    return write(
        seen,
        Map.of(
            PHASE,
            TransferPhase.ACCEPTED.text(),
            "acceptedByNode",
            by,
            "acceptedTimestamp",
            time(now),
            MESSAGE,
            ""),
        metadata(seen, true, Map.of()));
  }

  /** Its pod runs on a node. */
  public Transfer prepare(Transfer seen, String node) throws MoverException {
    return write(
        seen,
        Map.of(PHASE, TransferPhase.PREPARED.text(), "node", node, MESSAGE, ""),
        metadata(seen, true, Map.of()));
  }

  /** Bytes begin to move. */
  public Transfer begin(Transfer seen, Instant now) throws MoverException {
    return write(
        seen,
        Map.of(
            PHASE,
            TransferPhase.IN_PROGRESS.text(),
            "startTimestamp",
            time(now),
            "nodeOS",
            "linux"),
        metadata(seen, true, Map.of()));
  }

  /** Says how far it is. To be called seldom: each write wakes all who watch. */
  public Transfer progress(Transfer seen, long doneBytes, long totalBytes) throws MoverException {
    return write(seen, Map.of("progress", progress(doneBytes, totalBytes)), metadata(seen));
  }

  /** The field of that name. */
  public static Map<String, Object> progress(long doneBytes, long totalBytes) {
    return Map.of("bytesDone", doneBytes, "totalBytes", totalBytes);
  }

  /** Says what it waits for. */
  public Transfer message(Transfer seen, String message) throws MoverException {
    return write(seen, Map.of(MESSAGE, message), metadata(seen));
  }

  /** Notes something down in annotations that are ours; null takes one away. */
  public Transfer note(Transfer seen, Map<String, @Nullable String> annotations)
      throws MoverException {
    return write(seen, Map.of(), metadata(seen, seen.held(), annotations));
  }

  /** Decides how it will end, before anything is removed. */
  public Transfer decide(Transfer seen, Verdict verdict) throws MoverException {
    Map<String, @Nullable String> note = new HashMap<>();
    note.put(Transfer.VERDICT, verdict.text());
    boolean canceling =
        seen.phase() == TransferPhase.IN_PROGRESS && verdict.end() == TransferPhase.CANCELED;
    return write(
        seen,
        canceling ? Map.of(PHASE, TransferPhase.CANCELING.text()) : Map.of(),
        metadata(seen, true, note));
  }

  /** Ends it as was decided: nothing of what was made for it is left. */
  public Transfer finish(Transfer seen, Verdict verdict, Instant now) throws MoverException {
    Map<String, Object> status = new HashMap<>(verdict.status());
    status.put(PHASE, verdict.end().text());
    status.put(MESSAGE, verdict.message());
    status.put("completionTimestamp", time(now));
    Map<String, @Nullable String> gone = new HashMap<>();
    seen.object().annotations().keySet().stream()
        .filter(name -> name.startsWith("blockmover.io/"))
        .forEach(name -> gone.put(name, null));
    return write(seen, status, metadata(seen, false, gone));
  }

  /** Lets one go that has ended by another's hand. */
  public void release(Transfer seen) throws MoverException {
    objects.patch(
        seen.kind().kind(),
        seen.name().namespace(),
        seen.name().name(),
        Map.of("metadata", metadata(seen, false, Map.of())));
  }

  private Transfer write(Transfer seen, Map<String, ?> status, Map<String, Object> metadata)
      throws MoverException {
    if (seen.phase().terminal()) {
      throw new IllegalStateException(seen.name() + " has ended: " + seen.phase());
    }
    Map<String, Object> patch = new HashMap<>();
    patch.put("metadata", metadata);
    if (!status.isEmpty()) {
      Map<String, Object> fields = new HashMap<>(status);
      fields.computeIfPresent(MESSAGE, (name, text) -> shortened(text.toString()));
      patch.put("status", fields);
    }
    ClusterObject written =
        objects.patch(seen.kind().kind(), seen.name().namespace(), seen.name().name(), patch);
    return new Transfer(seen.kind(), written);
  }

  private static Map<String, Object> metadata(Transfer seen) {
    return metadata(seen, seen.held(), Map.of());
  }

  private static Map<String, Object> metadata(
      Transfer seen, boolean held, Map<String, @Nullable String> annotations) {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("resourceVersion", seen.object().resourceVersion());
    if (held != seen.held() && !(held && seen.deleting())) {
      metadata.put("finalizers", seen.finalizers(held)); // None can be added to what is deleted.
    }
    if (!annotations.isEmpty()) {
      metadata.put("annotations", annotations);
    }
    return metadata;
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE) + "…";
  }

  /** As Velero reads times: UTC, whole seconds. */
  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
