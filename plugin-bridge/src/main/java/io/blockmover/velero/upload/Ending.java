package io.blockmover.velero.upload;

import io.blockmover.api.MoverException;
import io.blockmover.velero.controller.Next;
import io.blockmover.velero.event.Events;
import io.blockmover.velero.transfer.Transfer;
import io.blockmover.velero.transfer.TransferPhase;
import io.blockmover.velero.transfer.Transfers;
import io.blockmover.velero.transfer.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** From the verdict to the terminal phase: what was made is removed, then it is said. */
final class Ending {

  private static final String SINCE = "since";
  private static final Duration LOOK = Duration.ofSeconds(2);

  /** How long removal is waited for; then the sweep goes on with it. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Transfers transfers;
  private final Removal removal;
  private final Events events;
  private final InstantSource clock;

  Ending(Transfers transfers, Removal removal, Events events, InstantSource clock) {
    this.transfers = transfers;
    this.removal = removal;
    this.events = events;
    this.clock = clock;
  }

  /** Writes the verdict down. */
  Next decide(Transfer transfer, Verdict verdict) throws MoverException {
    Map<String, String> notes = new HashMap<>(verdict.notes());
    notes.put(SINCE, clock.instant().toString());
    transfers.decide(
        transfer, new Verdict(verdict.end(), verdict.message(), verdict.status(), notes));
    return new Next.Now();
  }

  /** Removes what can be removed by now; ends it when nothing is left. */
  Next step(Transfer transfer, Optional<UploadRequest> request, Verdict verdict)
      throws MoverException {
    Optional<String> left = remove(transfer, request, verdict);
    boolean late = clock.instant().isAfter(since(verdict).plus(PATIENCE));
    if (left.isPresent() && !late) {
      return new Next.After(LOOK);
    }
    Verdict last = left.map(what -> withRest(verdict, what)).orElse(verdict);
    say(transfer, last);
    transfers.finish(transfer, last, clock.instant());
    return new Next.Done();
  }

  /** One that somebody else ended: removes what there is, and lets it go. */
  Next close(Transfer transfer, Optional<UploadRequest> request, Verdict verdict)
      throws MoverException {
    if (remove(transfer, request, verdict).isPresent()) {
      return new Next.After(LOOK);
    }
    transfers.release(transfer);
    return new Next.Now();
  }

  /** What is waited for; empty if nothing is left. Late, everything is begun at once. */
  private Optional<String> remove(
      Transfer transfer, Optional<UploadRequest> request, Verdict verdict) throws MoverException {
    boolean keep = Boolean.parseBoolean(verdict.notes().get(UploadReport.KEEP));
    boolean superseded = Boolean.parseBoolean(verdict.notes().get(UploadReport.SUPERSEDED));
    boolean late = clock.instant().isAfter(since(verdict).plus(PATIENCE));
    Optional<String> left = removal.pods(transfer, clock.instant());
    if (left.isEmpty() || late) {
      Optional<String> volumes = removal.volumes(transfer);
      left = left.or(() -> volumes);
    }
    if (left.isEmpty() || late) {
      Optional<String> snapshots = removal.snapshots(transfer, request, keep, superseded);
      left = left.or(() -> snapshots);
    }
    return left;
  }

  private void say(Transfer transfer, Verdict verdict) {
    if (verdict.end() == TransferPhase.FAILED) {
      events.warning(transfer, "Failed", verdict.message());
    } else {
      events.normal(transfer, verdict.end().text(), verdict.message());
    }
  }

  private static Verdict withRest(Verdict verdict, String left) {
    return new Verdict(
        verdict.end(),
        verdict.message()
            + "; after "
            + PATIENCE.toMinutes()
            + " minutes still waiting for "
            + left
            + ": blockmover tries again from time to time",
        verdict.status(),
        verdict.notes());
  }

  private Instant since(Verdict verdict) {
    try {
      return Instant.parse(verdict.notes().getOrDefault(SINCE, ""));
    } catch (DateTimeParseException e) {
      return clock.instant();
    }
  }
}
