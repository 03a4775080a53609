package io.blockmover.velero.download;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.velero.transfer.Transfer;
import java.util.Optional;

/**
 * Removes what was made for a restore that did not succeed, the storage's volume included; but
 * never a volume that was handed over. All is told to go before anything is waited for: what a dead
 * node holds on to goes by itself when the node is back.
 */
final class Discard {

  private final ClusterObjects objects;
  private final Remains remains;
  private final Rebind rebind;

  Discard(ClusterObjects objects, Remains remains, Rebind rebind) {
    this.objects = objects;
    this.remains = remains;
    this.rebind = rebind;
  }

  /** Does the next thing. {@link Step.Complete} means that nothing is left. */
  Step next(Transfer transfer, Optional<DownloadRequest> request) throws MoverException {
    Volumes volumes = remains.volumes(transfer);
    if (volumes.handedOver() && request.isPresent()) {
      return rebind.letGo(transfer, request.get(), volumes);
    }
    Optional<Step> pods = remains.removePods(transfer);
    if (pods.filter(Step.Done.class::isInstance).isPresent()) {
      return new Step.Done();
    }
    Optional<RestoredVolume> volume = volumes.filled();
    if (volume.isEmpty()) {
      volume = remains.volumeOf(remains.claim(transfer));
    }
    if (volume.isPresent() && (volumes.filled().isEmpty() || !volume.get().doomed())) {
      objects.patch(
          ObjectKind.VOLUME,
          "",
          volume.get().name(),
          RestoredVolume.doomed(volume.get(), transfer.labels()));
      return new Step.Done();
    }
    Optional<Step> claim = remains.removeClaim(transfer); // It stays as long as a pod uses it.
    if (claim.filter(Step.Done.class::isInstance).isPresent()) {
      return new Step.Done();
    }
    Optional<Step> gone =
        volume.map(
            found ->
                new Step.Waits("volume " + found.name() + " to be deleted by its provisioner"));
    return pods.or(() -> claim).or(() -> gone).orElseGet(Step.Complete::new);
  }
}
