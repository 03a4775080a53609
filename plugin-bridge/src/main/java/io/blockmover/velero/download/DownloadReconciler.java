package io.blockmover.velero.download;

import io.blockmover.api.ErrorKind;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.controller.Admission;
import io.blockmover.velero.controller.Next;
import io.blockmover.velero.controller.Reconciler;
import io.blockmover.velero.event.Events;
import io.blockmover.velero.location.BackupLocations;
import io.blockmover.velero.pod.MoverPods;
import io.blockmover.velero.settings.BridgeEnvironment;
import io.blockmover.velero.settings.BridgeSettings;
import io.blockmover.velero.transfer.Transfer;
import io.blockmover.velero.transfer.TransferKind;
import io.blockmover.velero.transfer.TransferPhase;
import io.blockmover.velero.transfer.Transfers;
import io.blockmover.velero.transfer.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Carries DataDownloads out: makes a volume, has a pod fill it, hands it to the claim that waits.
 *
 * <p>How a transfer ends is decided, and written down, before the first thing that was made for it
 * is removed. A restore that is done can still fail or be cancelled, until its volume is handed
 * over; then it is completed.
 */
public final class DownloadReconciler implements Reconciler {

  private static final Duration LATER = Duration.ofSeconds(30);

  private final Transfers transfers;
  private final Admission admission;
  private final Remains remains;
  private final Filling filling;
  private final Rebind rebind;
  private final Discard discard;
  private final Events events;
  private final BridgeEnvironment environment;
  private final Supplier<BridgeSettings> settings;
  private final InstantSource clock;

  public DownloadReconciler(
      Cluster cluster,
      Admission admission,
      BridgeEnvironment environment,
      Supplier<BridgeSettings> settings,
      InstantSource clock) {
    ClusterObjects objects = cluster.objects();
    this.transfers = new Transfers(objects);
    this.admission = admission;
    this.remains = new Remains(objects);
    this.events = new Events(objects, clock);
    this.rebind = new Rebind(objects, remains, clock);
    this.discard = new Discard(objects, remains, rebind);
    this.environment = environment;
    this.settings = settings;
    this.clock = clock;
    this.filling =
        new Filling(
            objects,
            transfers,
            new MoverPods(objects, cluster.podLogs(), environment, settings),
            new BackupLocations(cluster, environment.namespace()),
            remains,
            events,
            settings,
            clock);
  }

  @Override
  public Next reconcile(ObjectName name) throws MoverException {
    Optional<Transfer> found = transfers.find(TransferKind.DOWNLOAD, name);
    if (found.isEmpty() || !found.get().dataMover().equals(settings.get().dataMover())) {
      return new Next.Done();
    }
    try {
      return step(found.get());
    } catch (MoverException e) {
      if (ClusterObjects.conflict(e)) {
        return new Next.Now(); // Somebody has changed it: we look again.
      }
      throw e;
    }
  }

  private Next step(Transfer transfer) throws MoverException {
    if (transfer.phase().terminal()) {
      return transfer.held() ? close(transfer) : leave(transfer);
    }
    Optional<Verdict> verdict = transfer.verdict();
    boolean lost = verdict.isEmpty() && transfer.phase() == TransferPhase.CANCELING;
    if (lost || (unwanted(transfer) && isOpen(transfer, verdict))) {
      return decide(transfer, Verdict.canceled(Endings.cancelled(transfer)));
    }
    return verdict.isPresent() ? end(transfer, verdict.get()) : work(transfer);
  }

  /** Another hand has ended it: what was made for it goes, and then it may. */
  private Next close(Transfer transfer) throws MoverException {
    Step step = discard.next(transfer, request(transfer));
    boolean late =
        transfer
            .object()
            .time("status", "completionTimestamp")
            .filter(time -> time.plus(Endings.PATIENCE).isBefore(clock.instant()))
            .isPresent();
    return switch (step) {
      case Step.Done done -> new Next.Now();
      case Step.Waits waits when !late -> new Next.After(waits.look());
      default -> {
        transfers.release(transfer);
        yield leave(transfer);
      }
    };
  }

  private Next leave(Transfer transfer) {
    filling.forget(transfer);
    admission.leave(transfer.uid());
    return new Next.Done();
  }

  private static boolean unwanted(Transfer transfer) {
    return transfer.cancelled() || transfer.deleting();
  }

  /** Whether it can still end in another way. */
  private boolean isOpen(Transfer transfer, Optional<Verdict> verdict) throws MoverException {
    return verdict.isEmpty()
        || (verdict.get().end() == TransferPhase.COMPLETED
            && !remains.volumes(transfer).handedOver()
            && !rebind.delivered(transfer, DownloadRequest.of(transfer).target()));
  }

  private Next work(Transfer transfer) throws MoverException {
    DownloadRequest request;
    try {
      request = DownloadRequest.of(transfer);
    } catch (MoverException e) {
      return decide(transfer, Verdict.failed(e));
    }
    if (transfer.phase() == TransferPhase.NEW) {
      return accept(transfer, request);
    }
    if (tooLate(transfer)) {
      return decide(
          transfer,
          Verdict.failed(
              "nothing was restored within %s of being accepted, for it waited: %s"
                  .formatted(settings.get().prepareTimeout(), transfer.message()),
              "remove the obstacle, and restore again"));
    }
    try {
      return outcome(transfer, filling.next(transfer, request));
    } catch (MoverException e) {
      return failed(transfer, e);
    }
  }

  private Next accept(Transfer transfer, DownloadRequest request) throws MoverException {
    Admission.Volume volume =
        new Admission.Volume(
            "target " + request.target(),
            remains.classOf(request.target()),
            request.volumeBytes().orElse(0));
    Optional<String> waits = admission.ask(transfer, volume);
    if (waits.isPresent()) {
      if (!waits.get().equals(transfer.message()) || !transfer.held()) {
        transfers.queue(transfer, waits.get());
      }
      return new Next.After(LATER);
    }
    transfers.accept(transfer, environment.identity(), clock.instant());
    return new Next.Now();
  }

  private boolean tooLate(Transfer transfer) {
    boolean prepares =
        transfer.phase() == TransferPhase.ACCEPTED || transfer.phase() == TransferPhase.PREPARED;
    return prepares
        && transfer
            .accepted()
            .filter(time -> time.plus(settings.get().prepareTimeout()).isBefore(clock.instant()))
            .isPresent();
  }

  private Next outcome(Transfer transfer, Step step) throws MoverException {
    return switch (step) {
      case Step.Done done -> new Next.Now();
      case Step.Complete complete -> new Next.Now();
      case Step.Impossible no -> decide(transfer, Verdict.failed(no.why(), no.advice()));
      case Step.Waits waits -> wait(transfer, waits);
    };
  }

  private Next wait(Transfer transfer, Step.Waits waits) throws MoverException {
    String message = waits.what().isEmpty() ? "" : "waiting for " + waits.what();
    if (!message.equals(transfer.message())) {
      transfers.message(transfer, message);
    }
    return new Next.After(waits.look());
  }

  /** What may pass is waited out, as long as there is time; what cannot, is its end. */
  private Next failed(Transfer transfer, MoverException e) throws MoverException {
    if (ClusterObjects.conflict(e) || e.retryable()) {
      throw e;
    }
    if (e.kind() == ErrorKind.ACCESS_DENIED) { // A quota, PodSecurity, or a rule that is missing.
      return wait(transfer, new Step.Waits(Endings.passing(e), LATER));
    }
    return decide(transfer, Verdict.failed(e));
  }

  private Next decide(Transfer transfer, Verdict verdict) throws MoverException {
    transfers.decide(transfer, Endings.dated(verdict, clock.instant()));
    return new Next.Now();
  }

  private Next end(Transfer transfer, Verdict verdict) throws MoverException {
    boolean good = verdict.end() == TransferPhase.COMPLETED;
    Step step;
    try {
      step =
          good
              ? rebind.next(transfer, DownloadRequest.of(transfer))
              : discard.next(transfer, request(transfer));
    } catch (MoverException e) {
      if (ClusterObjects.conflict(e) || e.retryable()) {
        throw e;
      }
      step = new Step.Waits(Endings.passing(e), LATER);
    }
    boolean late = Endings.late(verdict, clock.instant());
    return switch (step) {
      case Step.Complete complete -> finish(transfer, verdict);
      case Step.Waits waits when late ->
          good
              ? decide(transfer, Endings.tooSlow(waits))
              : finish(transfer, Endings.withRemains(verdict, waits));
      case Step.Impossible no when !good -> finish(transfer, Endings.withRemains(verdict, no));
      default -> outcome(transfer, step);
    };
  }

  private static Optional<DownloadRequest> request(Transfer transfer) {
    try {
      return Optional.of(DownloadRequest.of(transfer));
    } catch (MoverException e) {
      return Optional.empty(); // Then nothing was made for it.
    }
  }

  private Next finish(Transfer transfer, Verdict verdict) throws MoverException {
    switch (verdict.end()) {
      case COMPLETED -> events.normal(transfer, "Restored", verdict.message());
      case CANCELED -> events.warning(transfer, "RestoreCanceled", verdict.message());
      default -> events.warning(transfer, "RestoreFailed", verdict.message());
    }
    transfers.finish(transfer, verdict, clock.instant());
    return leave(transfer);
  }
}
