package io.blockmover.velero.upload;

import io.blockmover.api.MoverException;
import io.blockmover.velero.controller.Next;
import io.blockmover.velero.pod.PodState;
import io.blockmover.velero.pod.PodView;
import io.blockmover.velero.transfer.Transfer;
import io.blockmover.velero.transfer.Transfers;
import java.time.InstantSource;

/**
 * From an accepted upload to a pod that runs: the snapshot taken over, a Block claim made of it.
 */
final class Preparation {

  private final Transfers transfers;
  private final SnapshotTakeover takeover;
  private final UploadPods uploads;
  private final Patience patience;
  private final InstantSource clock;

  Preparation(
      Transfers transfers,
      SnapshotTakeover takeover,
      UploadPods uploads,
      Patience patience,
      InstantSource clock) {
    this.transfers = transfers;
    this.takeover = takeover;
    this.uploads = uploads;
    this.patience = patience;
    this.clock = clock;
  }

  /** Does what can be done by now. */
  Next step(Transfer transfer, UploadRequest request) throws MoverException, GiveUp {
    Attempt attempt = Attempt.of(transfer);
    return patience.untilRefused(transfer, attempt, () -> begin(transfer, request, attempt));
  }

  private Next begin(Transfer transfer, UploadRequest request, Attempt attempt)
      throws MoverException, GiveUp {
    if (takeover.ownContent(transfer).isEmpty()) {
      uploads.access(transfer, request); // Nothing is touched for a location that is no use.
    }
    return switch (takeover.take(transfer, request)) {
      case Readiness.Waits<SnapshotTakeover.Own> waits ->
          patience.await(transfer, attempt, waits.reason());
      case Readiness.Ready<SnapshotTakeover.Own> own ->
          expose(transfer, request, own.value(), attempt);
    };
  }

  private Next expose(
      Transfer transfer, UploadRequest request, SnapshotTakeover.Own own, Attempt attempt)
      throws MoverException, GiveUp {
    PodView pod = uploads.ensure(transfer, request, own, attempt);
    return switch (pod.state(clock.instant())) {
      case PodState.Waiting waiting ->
          patience.await(
              transfer, attempt, "pod " + pod.pod().name() + " to start " + waiting.reason());
      case PodState.Hopeless hopeless -> throw new GiveUp(hopeless.why(), hopeless.advice());
      case PodState.Running _, PodState.Ended _, PodState.Died _ -> {
        uploads.bindVolume(transfer, attempt);
        Transfer prepared = transfers.prepare(transfer, pod.node());
        transfers.begin(prepared, clock.instant());
        yield new Next.Now();
      }
    };
  }
}
