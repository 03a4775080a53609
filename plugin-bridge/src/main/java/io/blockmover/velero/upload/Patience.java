package io.blockmover.velero.upload;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.ClusterUnavailable;
import io.blockmover.api.ErrorKind;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.controller.Next;
import io.blockmover.velero.settings.BridgeSettings;
import io.blockmover.velero.transfer.Transfer;
import io.blockmover.velero.transfer.Transfers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/** How long an upload waits for others, what it says meanwhile, and when it gives up. */
final class Patience {

  /** What takes less needs no words. */
  private static final Duration SILENCE = Duration.ofSeconds(15);

  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Duration LATER = Duration.ofSeconds(10);

  /** How long a refusal is taken for a mistake that somebody is about to mend. */
  private static final Duration REFUSAL = Duration.ofMinutes(1);

  private final Transfers transfers;
  private final Complaints complaints;
  private final Supplier<BridgeSettings> settings;
  private final InstantSource clock;

  Patience(
      Transfers transfers,
      Complaints complaints,
      Supplier<BridgeSettings> settings,
      InstantSource clock) {
    this.transfers = transfers;
    this.complaints = complaints;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Waits.
   *
   * @param reason what for, for people
   * @throws GiveUp if it has taken too long
   */
  Next await(Transfer transfer, Attempt attempt, String reason) throws MoverException, GiveUp {
    Instant begin = attempt.begin(transfer);
    Duration waited = Duration.between(begin, clock.instant());
    if (waited.compareTo(SILENCE) < 0) {
      return new Next.After(SOON);
    }
    ObjectName name = attempt.objects(transfer);
    String why = reason + complaints.last(name).map(text -> " (" + text + ")").orElse("");
    if (waited.compareTo(settings.get().prepareTimeout()) > 0) {
      throw new GiveUp(
          "nothing could be read within " + minutes(waited) + ": still waiting for " + why,
          "kubectl describe pvc,pod,volumesnapshot -n %s %s while the next backup runs"
              .formatted(name.namespace(), name.name()));
    }
    say(transfer, "waiting for " + why);
    return new Next.After(LATER);
  }

  /**
   * Something was refused, or is not there: waits a little for somebody who mends it.
   *
   * @throws MoverException what it was given, where the same step shall simply be tried again
   */
  private Next afterRefusal(Transfer transfer, Attempt attempt, MoverException refusal)
      throws MoverException, GiveUp {
    if (refusal.kind() == ErrorKind.UNAVAILABLE) {
      return await(transfer, attempt, String.valueOf(refusal.getMessage()));
    }
    String message = String.valueOf(refusal.getMessage());
    if (message.contains("exceeded quota")) {
      return await(transfer, attempt, "room in a quota: " + message);
    }
    Duration waited = Duration.between(attempt.begin(transfer), clock.instant());
    if (waited.compareTo(REFUSAL) > 0) {
      throw new GiveUp(message, advice(transfer, refusal));
    }
    say(transfer, message + "; " + advice(transfer, refusal));
    return new Next.After(LATER);
  }

  /** A step that needs the cluster to grant something. */
  interface Step {
    Next run() throws MoverException, GiveUp;
  }

  /**
   * Does a step, and waits where it is refused.
   *
   * @throws MoverException where the same step shall simply be tried again: the server is away, or
   *     somebody else was faster
   */
  Next untilRefused(Transfer transfer, Attempt attempt, Step step) throws MoverException, GiveUp {
    try {
      return step.run();
    } catch (ClusterUnavailable e) {
      throw e;
    } catch (MoverException e) {
      if (ClusterObjects.conflict(e)) {
        throw e;
      }
      return afterRefusal(transfer, attempt, e);
    }
  }

  private static String advice(Transfer transfer, MoverException refusal) {
    String message = String.valueOf(refusal.getMessage());
    if (message.contains("PodSecurity")) {
      return "allow such pods in namespace "
          + transfer.name().namespace()
          + " (label pod-security.kubernetes.io/enforce)";
    }
    return refusal instanceof AccessDenied
        ? "allow it to the controller's service account: mover doctor --cluster names the rule"
        : refusal.advice();
  }

  private void say(Transfer transfer, String message) throws MoverException {
    if (!transfer.message().equals(message)) {
      transfers.message(transfer, message);
    }
  }

  private static String minutes(Duration waited) {
    return waited.toMinutes() + " minutes";
  }
}
