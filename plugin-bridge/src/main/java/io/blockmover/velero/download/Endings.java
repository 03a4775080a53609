package io.blockmover.velero.download;

import io.blockmover.api.MoverException;
import io.blockmover.velero.transfer.Transfer;
import io.blockmover.velero.transfer.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;

/** How transfers end, in words. */
final class Endings {

  /** How long handing over, or removing, may take before somebody has to look. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  /** When a verdict was reached. */
  private static final String SINCE = "since";

  private Endings() {}

  /** With the time at which it was reached. */
  static Verdict dated(Verdict verdict, Instant now) {
    return new Verdict(
        verdict.end(), verdict.message(), verdict.status(), Map.of(SINCE, now.toString()));
  }

  /** Whether what follows from it has taken too long. */
  static boolean late(Verdict verdict, Instant now) {
    try {
      return Instant.parse(verdict.notes().getOrDefault(SINCE, now.toString()))
          .plus(PATIENCE)
          .isBefore(now);
    } catch (DateTimeParseException e) {
      return true; // Somebody wrote into it.
    }
  }

  static String cancelled(Transfer transfer) {
    return transfer.deleting() ? "the DataDownload was deleted" : "cancelled as Velero asked for";
  }

  /** What may pass, as the end of "waiting for". */
  static String passing(MoverException e) {
    return "this to pass: " + e.getMessage() + (e.advice().isEmpty() ? "" : "; " + e.advice());
  }

  static Verdict tooSlow(Step.Waits waits) {
    return Verdict.failed(
        "the data is restored, but its volume could not be handed over within %s: waited for %s"
            .formatted(PATIENCE, waits.what()),
        "remove the obstacle, and restore again");
  }

  static Verdict withRemains(Verdict verdict, Step step) {
    String remains =
        switch (step) {
          case Step.Waits waits -> "still waiting for " + waits.what();
          case Step.Impossible no -> no.why() + "; " + no.advice();
          case Step.Done done -> "";
          case Step.Complete complete -> "";
        };
    return new Verdict(
        verdict.end(),
        verdict.message() + " (not all could be removed: " + remains + ")",
        verdict.status(),
        verdict.notes());
  }
}
