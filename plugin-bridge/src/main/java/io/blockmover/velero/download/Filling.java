package io.blockmover.velero.download;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.event.Events;
import io.blockmover.velero.location.BackupLocations;
import io.blockmover.velero.pod.MoverPods;
import io.blockmover.velero.pod.PodJob;
import io.blockmover.velero.pod.PodReport;
import io.blockmover.velero.pod.PodState;
import io.blockmover.velero.pod.PodView;
import io.blockmover.velero.settings.BridgeSettings;
import io.blockmover.velero.transfer.Transfer;
import io.blockmover.velero.transfer.TransferPhase;
import io.blockmover.velero.transfer.Transfers;
import io.blockmover.velero.transfer.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Makes a volume and lets a pod fill it: from Accepted until it is decided how the transfer ends.
 */
final class Filling {

  private static final Duration PROGRESS = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** After which nothing of a pod that somebody deleted by force is at work any more. */
  private static final Duration AFTER_DEATH = Duration.ofSeconds(15);

  private static final Duration AFTER_BUSY = Duration.ofSeconds(60);

  private static final int DONE = 0;
  private static final int PARTLY_DONE = 3;
  private static final int BUSY = 11;

  private final ClusterObjects objects;
  private final Transfers transfers;
  private final MoverPods pods;
  private final BackupLocations locations;
  private final Remains remains;
  private final Provision provision;
  private final Events events;
  private final Supplier<BridgeSettings> settings;
  private final InstantSource clock;
  private final Map<String, Instant> told = new ConcurrentHashMap<>();

  Filling(
      ClusterObjects objects,
      Transfers transfers,
      MoverPods pods,
      BackupLocations locations,
      Remains remains,
      Events events,
      Supplier<BridgeSettings> settings,
      InstantSource clock) {
    this.objects = objects;
    this.transfers = transfers;
    this.pods = pods;
    this.locations = locations;
    this.remains = remains;
    this.provision = new Provision(objects, remains, settings);
    this.events = events;
    this.settings = settings;
    this.clock = clock;
  }

  /** Does the next thing. It is never complete: the verdict says so. */
  Step next(Transfer transfer, DownloadRequest request) throws MoverException {
    Optional<TargetClaim> target =
        objects.find(ObjectKind.CLAIM, request.target()).map(TargetClaim::new);
    Optional<ClusterObject> claim = remains.claim(transfer);
    if (claim.isEmpty()) {
      return transfer.phase() == TransferPhase.ACCEPTED
          ? provision.makeClaim(transfer, request, target)
          : new Step.Impossible(
              "claim " + remains.claimName(transfer) + ", into which was restored, is gone",
              "somebody deleted it; restore again");
    }
    String wanted = claim.get().annotations().getOrDefault(RestoredVolume.TARGET, "");
    Optional<Step> obstacle = TargetChecks.still(request.target(), target, wanted);
    if (obstacle.isEmpty()) {
      obstacle = provision.tooSmall(request, claim);
    }
    return obstacle.isPresent() ? obstacle.get() : fill(transfer, request, claim.get());
  }

  private Step fill(Transfer transfer, DownloadRequest request, ClusterObject claim)
      throws MoverException {
    Attempts attempts = Attempts.of(transfer);
    ObjectName name = attempts.podName(transfer);
    Optional<Step> others = remains.removePods(transfer, pod -> !pod.name().equals(name.name()));
    if (others.isPresent()) {
      Optional<Step> stuck = remains.stuckPod(transfer, clock.instant());
      return stuck.orElse(others.get());
    }
    Optional<PodView> pod = pods.find(name);
    if (pod.isEmpty()) {
      return attempts.seen()
          ? died(transfer, attempts, "pod " + name + " was deleted by somebody", sameNode(transfer))
          : makePod(transfer, request, claim, attempts);
    }
    Instant now = clock.instant();
    return switch (pod.get().state(now)) {
      case PodState.Waiting waiting ->
          new Step.Waits("pod %s to start %s".formatted(name, waiting.reason()).strip(), LOOK);
      case PodState.Hopeless hopeless -> new Step.Impossible(hopeless.why(), hopeless.advice());
      case PodState.Running running -> running(transfer, attempts, name, running.node());
      case PodState.Ended ended -> ended(transfer, request, attempts, ended);
      case PodState.Died died -> died(transfer, attempts, died.why(), "");
    };
  }

  private Step makePod(
      Transfer transfer, DownloadRequest request, ClusterObject claim, Attempts attempts)
      throws MoverException {
    Instant now = clock.instant();
    if (now.isBefore(attempts.notBefore())) {
      return new Step.Waits(
          "the next try with another pod", Duration.between(now, attempts.notBefore()));
    }
    BridgeSettings set = settings.get();
    List<String> arguments = new ArrayList<>(List.of("pod", "restore", request.backup()));
    if (attempts.pod() > 0) {
      arguments.add("--differential"); // What the one before has written is written already.
    }
    arguments.addAll(set.pods().arguments());
    String node =
        claim.annotations().getOrDefault("volume.kubernetes.io/selected-node", attempts.node());
    pods.ensure(
        new PodJob(
            attempts.podName(transfer),
            transfer.labels(),
            transfer.owner(),
            claim.name(),
            arguments,
            locations.access(transfer.backupLocation(), request.domain(), set.locations()),
            claim.text("spec", "storageClassName").orElse(""),
            List.of(),
            node,
            false));
    return new Step.Done();
  }

  private Step running(Transfer transfer, Attempts attempts, ObjectName pod, String node)
      throws MoverException {
    if (!attempts.seen()) {
      transfers.note(transfer, attempts.afterSeen().notes());
      return new Step.Done();
    }
    return switch (transfer.phase()) {
      case ACCEPTED -> {
        transfers.prepare(transfer, node);
        yield new Step.Done();
      }
      case PREPARED -> {
        Transfer begun = transfers.begin(transfer, clock.instant());
        events.normal(begun, "Restoring", "pod %s restores on node %s".formatted(pod, node));
        yield new Step.Done();
      }
      default -> {
        tell(transfer, pods.progress(pod));
        yield new Step.Waits("", PROGRESS);
      }
    };
  }

  /** Not more often than it makes sense: each write wakes all who watch, us among them. */
  private void tell(Transfer transfer, Optional<MoverPods.Progress> progress)
      throws MoverException {
    Instant now = clock.instant();
    Instant last = told.getOrDefault(transfer.uid(), Instant.EPOCH);
    if (progress.isEmpty() || now.isBefore(last.plus(PROGRESS))) {
      return;
    }
    long done = progress.get().doneBytes();
    if (done != transfer.object().number("status", "progress", "bytesDone").orElse(0)) {
      told.put(transfer.uid(), now);
      transfers.progress(transfer, done, progress.get().totalBytes());
    }
  }

  /** Forgets the pace of a transfer that moves no more. */
  void forget(Transfer transfer) {
    told.remove(transfer.uid());
  }

  private Step ended(
      Transfer transfer, DownloadRequest request, Attempts attempts, PodState.Ended ended)
      throws MoverException {
    PodReport report = ended.report();
    return switch (ended.exitCode()) {
      case DONE, PARTLY_DONE -> restored(transfer, request, ended);
      case BUSY -> {
        transfers.note(transfer, attempts.afterBusy(clock.instant(), AFTER_BUSY).notes());
        events.normal(transfer, "RepositoryBusy", report.message() + "; it is tried again");
        yield new Step.Done();
      }
      default ->
          new Step.Impossible(
              "pod %s could not restore: %s"
                  .formatted(attempts.podName(transfer), report.message()),
              report.advice());
    };
  }

  private Step restored(Transfer transfer, DownloadRequest request, PodState.Ended ended)
      throws MoverException {
    if (transfer.phase() == TransferPhase.ACCEPTED) {
      transfers.prepare(transfer, ended.node());
      return new Step.Done();
    }
    if (transfer.phase() == TransferPhase.PREPARED) {
      transfers.begin(transfer, clock.instant());
      return new Step.Done();
    }
    long total = ended.report().number("volumeBytes");
    if (total == 0) {
      total = request.volumeBytes().orElse(0);
    }
    String message = "restored from backup " + request.backup();
    if (ended.exitCode() == PARTLY_DONE) {
      message += "; " + String.join("; ", ended.report().steps());
    }
    Map<String, Object> status = Map.of("progress", Transfers.progress(total, total));
    Verdict verdict = new Verdict(TransferPhase.COMPLETED, message, status, Map.of());
    transfers.decide(transfer, Endings.dated(verdict, clock.instant()));
    return new Step.Done();
  }

  /**
   * The next pod is made where the dead one was, if it vanished: nobody knows whether its node has
   * given up the device, and the next one's regular end makes it do so.
   */
  private Step died(Transfer transfer, Attempts attempts, String why, String node)
      throws MoverException {
    if (attempts.deaths() >= settings.get().podRestarts()) {
      return new Step.Impossible(
          "%s; %d pods have died so".formatted(why, attempts.deaths() + 1),
          "look at the node and at what ends pods there (kubectl get events -n %s); restore again"
              .formatted(transfer.name().namespace()));
    }
    transfers.note(transfer, attempts.afterDeath(clock.instant(), AFTER_DEATH, node).notes());
    events.warning(transfer, "PodDied", why + "; another one goes on");
    return new Step.Done();
  }

  /** Its node, if that is ready; else empty. */
  private String sameNode(Transfer transfer) throws MoverException {
    String name = transfer.object().text("status", "node").orElse("");
    if (name.isEmpty()) {
      return "";
    }
    boolean ready =
        objects
            .find(ObjectKind.NODE, name)
            .filter(
                node ->
                    node.object().get("status", "conditions") instanceof List<?> all
                        && all.stream().anyMatch(Filling::isReady))
            .isPresent();
    return ready ? name : "";
  }

  private static boolean isReady(Object condition) {
    return condition instanceof Map<?, ?> fields
        && "Ready".equals(fields.get("type"))
        && "True".equals(fields.get("status"));
  }
}
