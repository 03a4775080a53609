package io.blockmover.velero.upload;

import io.blockmover.api.ClusterUnavailable;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.controller.Next;
import io.blockmover.velero.event.Events;
import io.blockmover.velero.pod.MoverPods;
import io.blockmover.velero.pod.PodState;
import io.blockmover.velero.pod.PodView;
import io.blockmover.velero.settings.BridgeSettings;
import io.blockmover.velero.transfer.Transfer;
import io.blockmover.velero.transfer.Transfers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** While the pod works: mirrors its progress, replaces it when it dies, and reads its result. */
final class Following {

  private static final Duration PROGRESS = Duration.ofSeconds(10);
  private static final Duration BUSY = Duration.ofSeconds(30);
  private static final int EXIT_BUSY = 11;

  private final Cluster cluster;
  private final Transfers transfers;
  private final MoverPods pods;
  private final SnapshotTakeover takeover;
  private final UploadPods uploads;
  private final Patience patience;
  private final ProgressMirror mirror;
  private final Events events;
  private final Supplier<BridgeSettings> settings;
  private final InstantSource clock;

  Following(
      Cluster cluster,
      MoverPods pods,
      SnapshotTakeover takeover,
      UploadPods uploads,
      Patience patience,
      Events events,
      Supplier<BridgeSettings> settings,
      InstantSource clock) {
    this.cluster = cluster;
    this.transfers = new Transfers(cluster.objects());
    this.pods = pods;
    this.takeover = takeover;
    this.uploads = uploads;
    this.patience = patience;
    this.mirror = new ProgressMirror(transfers, pods, clock);
    this.events = events;
    this.settings = settings;
    this.clock = clock;
  }

  /** Does what can be done by now. */
  Next step(Transfer transfer, UploadRequest request) throws MoverException, GiveUp {
    Attempt attempt = Attempt.of(transfer);
    Optional<PodView> found = pods.find(attempt.objects(transfer));
    if (found.isEmpty()) {
      return attempt.seen()
          ? died(transfer, attempt, "pod " + attempt.objects(transfer) + " was deleted")
          : again(transfer, request, attempt);
    }
    if (!attempt.seen()) {
      uploads.bindVolume(transfer, attempt);
      note(transfer, attempt.asSeen());
      return new Next.Now();
    }
    return switch (found.get().state(clock.instant())) {
      case PodState.Waiting waiting ->
          patience.await(
              transfer,
              attempt,
              "pod " + attempt.objects(transfer) + " to start " + waiting.reason());
      case PodState.Hopeless hopeless -> throw new GiveUp(hopeless.why(), hopeless.advice());
      case PodState.Running _ -> {
        mirror.show(transfer, attempt.objects(transfer));
        yield new Next.After(PROGRESS);
      }
      case PodState.Ended ended -> ended(transfer, request, attempt, ended);
      case PodState.Died death -> died(transfer, attempt, death.why());
    };
  }

  /** It has ended. */
  void forget(Transfer transfer) {
    mirror.forget(transfer.uid());
  }

  /** Makes the pod of a later attempt. */
  private Next again(Transfer transfer, UploadRequest request, Attempt attempt)
      throws MoverException, GiveUp {
    Duration left = Duration.between(clock.instant(), attempt.begin(transfer));
    if (left.isPositive()) {
      return new Next.After(left);
    }
    return patience.untilRefused(
        transfer,
        attempt,
        () ->
            switch (takeover.take(transfer, request)) {
              case Readiness.Waits<SnapshotTakeover.Own> waits ->
                  patience.await(transfer, attempt, waits.reason());
              case Readiness.Ready<SnapshotTakeover.Own> own -> {
                uploads.ensure(transfer, request, own.value(), attempt);
                yield new Next.Now();
              }
            });
  }

  private Next died(Transfer transfer, Attempt attempt, String why) throws MoverException, GiveUp {
    int allowed = settings.get().podRestarts();
    if (attempt.deaths() >= allowed) {
      throw new GiveUp(
          why + (allowed == 0 ? "" : "; so did " + allowed + " before it"),
          "see what ends pods on that node (kubectl describe node); what was uploaded is not"
              + " uploaded again");
    }
    Instant begin = clock.instant().plus(BUSY.multipliedBy(attempt.deaths()));
    events.warning(
        transfer, "PodDied", why + "; started again, " + (attempt.deaths() + 1) + " of " + allowed);
    note(transfer, attempt.afterDeath(begin));
    return new Next.Now();
  }

  private Next ended(
      Transfer transfer, UploadRequest request, Attempt attempt, PodState.Ended ended)
      throws MoverException, GiveUp {
    ObjectName pod = attempt.objects(transfer);
    boolean done = ended.exitCode() == 0 || ended.exitCode() == UploadReport.PARTLY_DONE;
    if (done && ended.report().backup().isEmpty()) {
      return died(transfer, attempt, "pod " + pod + " ended well, but left no backup's id");
    }
    if (done) {
      throw new GiveUp(
          UploadReport.completed(
              ended.exitCode(), ended.report(), uploads.domain(request), keeps(transfer, request)));
    }
    if (ended.exitCode() == EXIT_BUSY) {
      note(transfer, attempt.afterBusy(clock.instant().plus(BUSY)));
      return new Next.After(BUSY);
    }
    if (ended.report().kind().equals("unavailable")) {
      return died(transfer, attempt, "pod " + pod + ": " + ended.report().message());
    }
    throw new GiveUp(UploadReport.failed(ended.report(), pod.toString()));
  }

  /** Whether the snapshot stays. */
  private boolean keeps(Transfer transfer, UploadRequest request) throws MoverException {
    Optional<ClusterObject> content = takeover.ownContent(transfer);
    if (content.isEmpty()) {
      return false;
    }
    SnapshotTakeover.Own own = SnapshotTakeover.own(transfer, content.get());
    return switch (uploads.choice(request, own).kept()) {
      case ALWAYS -> true;
      case NEVER -> false;
      case WHERE_NEEDED -> needed(own.driver());
    };
  }

  private boolean needed(String driver) throws MoverException {
    try {
      return cluster.metadataServices().keepsBase(driver);
    } catch (ClusterUnavailable e) {
      throw e;
    } catch (MoverException e) {
      return true; // It can be deleted later, but not taken again.
    }
  }

  private void note(Transfer transfer, Attempt attempt) throws MoverException {
    Map<String, @Nullable String> note = new HashMap<>();
    note.put(Attempt.ANNOTATION, attempt.text());
    transfers.note(transfer, note);
  }
}
