package io.blockmover.velero.download;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.velero.settings.BridgeSettings;
import io.blockmover.velero.transfer.Transfer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Has a volume made for the claim that waits, through a claim of our own. */
final class Provision {

  private static final Duration LOOK = Duration.ofSeconds(5);

  private final ClusterObjects objects;
  private final Remains remains;
  private final Supplier<BridgeSettings> settings;

  Provision(ClusterObjects objects, Remains remains, Supplier<BridgeSettings> settings) {
    this.objects = objects;
    this.remains = remains;
    this.settings = settings;
  }

  /** Makes the claim as soon as it is known where. */
  Step makeClaim(Transfer transfer, DownloadRequest request, Optional<TargetClaim> target)
      throws MoverException {
    if (target.isEmpty()) {
      return new Step.Waits("Velero to make claim " + request.target(), LOOK);
    }
    Optional<Step> obstacle = TargetChecks.fit(target.get());
    if (obstacle.isPresent()) {
      return obstacle.get();
    }
    Optional<String> named = target.get().storageClass();
    if (named.isEmpty()) {
      return new Step.Impossible(
          "claim " + request.target() + " names no StorageClass, so no volume can be made for it",
          "mark a class as the default, or let Velero name one (a ConfigMap with the label"
              + " velero.io/change-storage-class); then restore again");
    }
    Optional<ClusterObject> storageClass = objects.find(ObjectKind.STORAGE_CLASS, named.get());
    if (storageClass.isEmpty()) {
      return new Step.Impossible(
          "claim %s names StorageClass %s, which this cluster does not have"
              .formatted(request.target(), named.get()),
          "make one of that name, or let Velero name another (a ConfigMap with the label"
              + " velero.io/change-storage-class); then restore again");
    }
    Optional<String> node = target.get().selectedNode();
    if (waitsForPod(storageClass.get()) && node.isEmpty()) {
      return new Step.Waits(
          "a pod that uses claim %s: class %s makes volumes where their pods run"
                  .formatted(request.target(), named.get())
              + " (setting ignoreDelayBinding makes them anywhere)",
          LOOK);
    }
    Map<String, Object> body =
        RestoreClaim.body(transfer, request, target.get(), named.get(), node);
    objects.ensure(ObjectKind.CLAIM, remains.claimName(transfer), body);
    return new Step.Done();
  }

  private boolean waitsForPod(ClusterObject storageClass) {
    return storageClass.text("volumeBindingMode").filter("WaitForFirstConsumer"::equals).isPresent()
        && !settings.get().ignoreDelayBinding();
  }

  /** Whether the driver made less than it was asked for. */
  Optional<Step> tooSmall(DownloadRequest request, Optional<ClusterObject> claim)
      throws MoverException {
    long needed = request.volumeBytes().orElse(0);
    Optional<RestoredVolume> volume = remains.volumeOf(claim);
    long has =
        volume.map(v -> v.volume().bytes("spec", "capacity", "storage").orElse(0)).orElse(0L);
    return has == 0 || has >= needed
        ? Optional.empty()
        : Optional.of(
            new Step.Impossible(
                "volume %s has %d bytes, and the backup is of a volume of %d"
                    .formatted(volume.orElseThrow().name(), has, needed),
                "its driver made it smaller than it was asked for; restore to another class"));
  }
}
