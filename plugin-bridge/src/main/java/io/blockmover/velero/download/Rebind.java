package io.blockmover.velero.download;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.transfer.Transfer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the filled volume from the claim that it was filled through to the claim that waits for it.
 *
 * <ol>
 *   <li>The volume is marked and its policy set to Retain: it outlives its claim.
 *   <li>The pod goes, the node gives up the device, the claim goes.
 *   <li>The volume is handed over: one write, the point of no return ({@link RestoredVolume}).
 *   <li>Where it changes its mode, which no volume can, a new object is made of it, and only then
 *       the old one removed: whatever dies, one of them leads to the storage's volume.
 *   <li>The claim is given the volume's name, and both are bound.
 *   <li>The volume gets its policy back, and the marks go.
 * </ol>
 */
final class Rebind {

  private static final String OLD_BINDING = "pv.kubernetes.io/bind-completed";
  private static final String OLD_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

  /**
   * How long the node may take to give up the device after the pod has ended, where no
   * VolumeAttachment tells: see docs/decisions.md.
   */
  static final Duration SETTLE = Duration.ofSeconds(15);

  private final ClusterObjects objects;
  private final Remains remains;
  private final InstantSource clock;

  Rebind(ClusterObjects objects, Remains remains, InstantSource clock) {
    this.objects = objects;
    this.remains = remains;
    this.clock = clock;
  }

  /** Does the next thing. {@link Step.Complete} means that the claim has its volume. */
  Step next(Transfer transfer, DownloadRequest request) throws MoverException {
    Volumes volumes = remains.volumes(transfer);
    Optional<TargetClaim> target =
        objects.find(ObjectKind.CLAIM, request.target()).map(TargetClaim::new);
    if (volumes.filled().isEmpty() && volumes.rebuilt().isEmpty()) {
      return delivered(transfer, target) ? new Step.Complete() : mark(transfer);
    }
    if (volumes.handedOver()) {
      return afterHandOver(transfer, request, volumes, target);
    }
    RestoredVolume volume = volumes.filled().orElseThrow();
    Optional<Step> waits = remains.removePods(transfer);
    if (waits.isEmpty()) {
      waits = awaitDetached(volume);
    }
    if (waits.isEmpty()) {
      waits = remains.removeClaim(transfer);
    }
    return waits.isPresent() ? waits.get() : handOver(volume, target, request);
  }

  /** Whether the claim has its volume, and no marks are left on it. */
  boolean delivered(Transfer transfer, ObjectName target) throws MoverException {
    return delivered(transfer, objects.find(ObjectKind.CLAIM, target).map(TargetClaim::new));
  }

  private boolean delivered(Transfer transfer, Optional<TargetClaim> target) throws MoverException {
    Optional<String> volume = target.flatMap(TargetClaim::volume);
    return volume.isPresent()
        && objects
            .find(ObjectKind.VOLUME, volume.get())
            .filter(found -> new RestoredVolume(found).restoredBy(transfer))
            .isPresent();
  }

  private Step mark(Transfer transfer) throws MoverException {
    Optional<ClusterObject> claim = remains.claim(transfer);
    Optional<RestoredVolume> volume = remains.volumeOf(claim);
    if (claim.isEmpty() || volume.isEmpty()) {
      return new Step.Impossible(
          "claim " + remains.claimName(transfer) + ", into which was restored, is gone",
          "somebody deleted it; restore again");
    }
    String target = claim.get().annotations().getOrDefault(RestoredVolume.TARGET, "");
    patch(RestoredVolume.marked(volume.get(), transfer, target, clock.instant()), volume.get());
    return new Step.Done();
  }

  private Optional<Step> awaitDetached(RestoredVolume volume) throws MoverException {
    for (ClusterObject attachment : objects.list(ObjectKind.ATTACHMENT, "", Map.of())) {
      if (attachment
          .text("spec", "source", "persistentVolumeName")
          .filter(volume.name()::equals)
          .isPresent()) {
        String node = attachment.text("spec", "nodeName").orElse("its node");
        return Optional.of(
            new Step.Waits("volume " + volume.name() + " to be detached from " + node));
      }
    }
    return Optional.empty();
  }

  private Step handOver(
      RestoredVolume volume, Optional<TargetClaim> target, DownloadRequest request)
      throws MoverException {
    Optional<Step> obstacle = TargetChecks.still(request.target(), target, volume.target());
    if (obstacle.isPresent()) {
      return obstacle.get();
    }
    TargetClaim claim = target.orElseThrow();
    if (!claim.mode().equals(volume.mode())) {
      Duration left = unsettled(volume);
      if (left.isPositive()) {
        return new Step.Waits("the node to give up the device", left);
      }
    }
    patch(RestoredVolume.handedOver(volume, claim), volume);
    return new Step.Done();
  }

  /** A driver that attaches has said that it is over; of others the node's word is all there is. */
  private Duration unsettled(RestoredVolume volume) throws MoverException {
    boolean attaches =
        objects
            .find(ObjectKind.DRIVER, volume.driver())
            .flatMap(driver -> driver.flag("spec", "attachRequired"))
            .orElse(true);
    Instant settled = volume.restored().orElse(clock.instant()).plus(SETTLE);
    return attaches ? Duration.ZERO : Duration.between(clock.instant(), settled);
  }

  /** Nothing is taken back any more: what cannot be done now, is left as it is. */
  private Step afterHandOver(
      Transfer transfer, DownloadRequest request, Volumes volumes, Optional<TargetClaim> target)
      throws MoverException {
    Optional<Step> rebuilding = rebuild(transfer, request, volumes);
    if (rebuilding.isPresent()) {
      return rebuilding.get();
    }
    RestoredVolume volume = volumes.rebuilt().or(volumes::filled).orElseThrow();
    if (target.isEmpty() || !target.get().uid().equals(volume.target())) {
      return new Step.Impossible(
          "claim " + request.target() + " was deleted while its volume was handed over",
          "volume " + volume.name() + " goes where the class sends volumes of deleted claims");
    }
    TargetClaim claim = target.get();
    if (claim.volume().isEmpty()) {
      bind(claim, volume);
      return new Step.Done();
    }
    if (!claim.volume().get().equals(volume.name())) {
      return new Step.Impossible(
          "claim %s was bound to volume %s by somebody else"
              .formatted(request.target(), claim.volume().get()),
          "the restored data is in volume " + volume.name());
    }
    if (!claim.bound() || !volume.bound()) {
      return new Step.Waits("claim " + request.target() + " to be bound to " + volume.name());
    }
    patch(RestoredVolume.delivered(volume), volume);
    return new Step.Done();
  }

  /**
   * After a failure, of a volume that was handed over: makes it an ordinary one, of a claim that
   * may be gone. It is not deleted: somebody may use it already.
   */
  Step letGo(Transfer transfer, DownloadRequest request, Volumes volumes) throws MoverException {
    Optional<Step> rebuilding = rebuild(transfer, request, volumes);
    if (rebuilding.isPresent()) {
      return rebuilding.get();
    }
    RestoredVolume volume = volumes.rebuilt().or(volumes::filled).orElseThrow();
    patch(RestoredVolume.delivered(volume), volume);
    return new Step.Done();
  }

  private Optional<Step> rebuild(Transfer transfer, DownloadRequest request, Volumes volumes)
      throws MoverException {
    Optional<RestoredVolume> old = volumes.filled().filter(RestoredVolume::changesMode);
    if (old.isEmpty()) {
      return Optional.empty();
    }
    if (volumes.rebuilt().isEmpty()) {
      objects.create(
          ObjectKind.VOLUME,
          Volumes.rebuiltName(transfer.uid()),
          old.get().rebuilt(request.target(), fileSystem(request, old.get())));
      return Optional.of(new Step.Done());
    }
    if (!old.get().volume().deleting()) {
      objects.delete(ObjectKind.VOLUME, "", old.get().volume());
      return Optional.of(new Step.Done());
    }
    return Optional.of(new Step.Waits("volume " + old.get().name() + " to be gone"));
  }

  /** As Velero says; else as the class makes volumes. A Block volume names none itself. */
  private Optional<String> fileSystem(DownloadRequest request, RestoredVolume volume)
      throws MoverException {
    Optional<String> named = volume.volume().text("spec", "storageClassName");
    if (request.fileSystem().isPresent() || named.isEmpty()) {
      return request.fileSystem();
    }
    return objects
        .find(ObjectKind.STORAGE_CLASS, named.get())
        .flatMap(found -> found.text("parameters", "csi.storage.k8s.io/fstype"));
  }

  private void bind(TargetClaim claim, RestoredVolume volume) throws MoverException {
    Map<String, @Nullable String> stale = new HashMap<>();
    stale.put(OLD_BINDING, null);
    stale.put(OLD_CONTROLLER, null);
    objects.patch(
        ObjectKind.CLAIM,
        claim.name().namespace(),
        claim.name().name(),
        Map.of(
            "metadata",
            Map.of("resourceVersion", claim.claim().resourceVersion(), "annotations", stale),
            "spec",
            Map.of("volumeName", volume.name())));
  }

  private void patch(Map<String, Object> patch, RestoredVolume volume) throws MoverException {
    objects.patch(ObjectKind.VOLUME, "", volume.name(), patch);
  }
}
