package io.blockmover.velero.upload;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClaimFacts;
import io.blockmover.kubernetes.Cluster;
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
 * Brings DataUploads to their end. A transfer is queued, accepted, prepared, followed, and once its
 * end is decided, cleaned up and closed; each call goes on from wherever it stands.
 */
public final class UploadReconciler implements Reconciler {

  /** Those in the queue are woken when it is their turn. */
  private static final Duration QUEUED = Duration.ofMinutes(10);

  private final Cluster cluster;
  private final Transfers transfers;
  private final Preparation preparation;
  private final Following following;
  private final Ending ending;
  private final Admission admission;
  private final BridgeEnvironment environment;
  private final Supplier<BridgeSettings> settings;
  private final InstantSource clock;

  public UploadReconciler(
      Cluster cluster,
      Admission admission,
      VolumeRules rules,
      BridgeEnvironment environment,
      Supplier<BridgeSettings> settings,
      InstantSource clock) {
    this.cluster = cluster;
    this.transfers = new Transfers(cluster.objects());
    this.admission = admission;
    this.environment = environment;
    this.settings = settings;
    this.clock = clock;
    MoverPods pods = new MoverPods(cluster.objects(), cluster.podLogs(), environment, settings);
    SnapshotTakeover takeover = new SnapshotTakeover(cluster);
    UploadPods uploads =
        new UploadPods(
            cluster, pods, new BackupLocations(cluster, environment.namespace()), settings, rules);
    Patience patience = new Patience(transfers, new Complaints(cluster), settings, clock);
    Events events = new Events(cluster.objects(), clock);
    this.preparation = new Preparation(transfers, takeover, uploads, patience, clock);
    this.following =
        new Following(cluster, pods, takeover, uploads, patience, events, settings, clock);
    this.ending =
        new Ending(transfers, new Removal(cluster, pods, environment.namespace()), events, clock);
  }

  @Override
  public Next reconcile(ObjectName name) throws MoverException {
    Optional<Transfer> found = transfers.find(TransferKind.UPLOAD, name);
    if (found.isEmpty() || !found.get().dataMover().equals(settings.get().dataMover())) {
      return new Next.Done();
    }
    Transfer transfer = found.get();
    if (transfer.phase().terminal() && !transfer.held()) {
      return left(transfer);
    }
    Optional<Verdict> verdict = transfer.verdict();
    if (transfer.phase().terminal()) {
      return ending.close(
          transfer, request(transfer), verdict.orElse(Verdict.canceled(transfer.message())));
    }
    if (verdict.isPresent()) {
      Next next = ending.step(transfer, request(transfer), verdict.get());
      return next instanceof Next.Done ? left(transfer) : next;
    }
    try {
      return step(transfer);
    } catch (GiveUp e) {
      return ending.decide(transfer, e.verdict());
    }
  }

  private Next step(Transfer transfer) throws MoverException, GiveUp {
    if (transfer.cancelled()
        || transfer.deleting()
        || transfer.phase() == TransferPhase.CANCELING) {
      throw new GiveUp(Verdict.canceled(whyCanceled(transfer)));
    }
    return switch (transfer.phase()) {
      case NEW -> queue(transfer);
      case ACCEPTED -> preparation.step(transfer, UploadRequest.of(transfer));
      case PREPARED -> {
        transfers.begin(transfer, clock.instant());
        yield new Next.Now();
      }
      case IN_PROGRESS -> following.step(transfer, UploadRequest.of(transfer));
      case CANCELING, CANCELED, COMPLETED, FAILED ->
          throw new IllegalStateException("decided before: " + transfer.phase());
    };
  }

  private static String whyCanceled(Transfer transfer) {
    if (transfer.deleting()) {
      return "the DataUpload was deleted while it was worked on";
    }
    return transfer.message().isEmpty()
        ? "canceled, as its spec.cancel asks"
        : "canceled, as its spec.cancel asks; before: " + transfer.message();
  }

  private Next queue(Transfer transfer) throws MoverException, GiveUp {
    Optional<String> waits = admission.ask(transfer, volume(UploadRequest.of(transfer)));
    if (waits.isEmpty()) {
      transfers.accept(transfer, environment.identity(), clock.instant());
      return new Next.Now();
    }
    if (!transfer.held() || !transfer.message().equals(waits.get())) {
      transfers.queue(transfer, waits.get());
    }
    return new Next.After(QUEUED);
  }

  /** The claim tells the size, as long as it is there. */
  private Admission.Volume volume(UploadRequest request) throws MoverException {
    long bytes = cluster.claims().find(request.claim()).map(ClaimFacts::sizeBytes).orElse(0L);
    return new Admission.Volume(request.claimUid(), request.storageClass(), bytes);
  }

  private Next left(Transfer transfer) {
    admission.leave(transfer.uid());
    following.forget(transfer);
    return new Next.Done();
  }

  private static Optional<UploadRequest> request(Transfer transfer) {
    try {
      return Optional.of(UploadRequest.of(transfer));
    } catch (GiveUp e) {
      return Optional.empty(); // Then nothing was made for it either.
    }
  }
}
