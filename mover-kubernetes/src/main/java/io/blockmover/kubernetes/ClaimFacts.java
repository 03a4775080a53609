package io.blockmover.kubernetes;

import io.blockmover.api.ClusterObjectUnusable;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A PersistentVolumeClaim as it stands.
 *
 * @param phase {@code Pending}, {@code Bound} or {@code Lost}; empty if nobody has looked at it
 * @param block whether it is in Block mode; otherwise it holds a file system
 * @param storageClass empty if it names none
 * @param volume name of the PersistentVolume; empty if it has none yet
 * @param sizeBytes what it has, or what it asks for; 0 if it does neither
 */
public record ClaimFacts(
    ObjectName name,
    String uid,
    String phase,
    boolean block,
    Optional<String> storageClass,
    Optional<String> volume,
    long sizeBytes,
    boolean deleting,
    Map<String, String> labels) {

  private static final String STORAGE = "storage";

  public ClaimFacts {
    labels = Map.copyOf(labels);
  }

  static ClaimFacts of(PersistentVolumeClaim claim) {
    Map<String, String> labels = claim.getMetadata().getLabels();
    PersistentVolumeClaimStatus status = claim.getStatus();
    String phase = status == null ? null : status.getPhase();
    return new ClaimFacts(
        new ObjectName(claim.getMetadata().getNamespace(), claim.getMetadata().getName()),
        claim.getMetadata().getUid() == null ? "" : claim.getMetadata().getUid(),
        phase == null ? "" : phase,
        "Block".equals(claim.getSpec().getVolumeMode()),
        text(claim.getSpec().getStorageClassName()),
        text(claim.getSpec().getVolumeName()),
        size(claim),
        claim.getMetadata().getDeletionTimestamp() != null,
        labels == null ? Map.of() : labels);
  }

  private static long size(PersistentVolumeClaim claim) {
    Map<String, Quantity> capacity =
        claim.getStatus() == null ? null : claim.getStatus().getCapacity();
    Quantity quantity = capacity == null ? null : capacity.get(STORAGE);
    if (quantity == null
        && claim.getSpec().getResources() != null
        && claim.getSpec().getResources().getRequests() != null) {
      quantity = claim.getSpec().getResources().getRequests().get(STORAGE);
    }
    return quantity == null ? 0 : Quantity.getAmountInBytes(quantity).longValue();
  }

  private static Optional<String> text(@Nullable String text) {
    return Optional.ofNullable(text).filter(value -> !value.isEmpty());
  }

  /** Whether a volume stands behind it. */
  public boolean bound() {
    return phase.equals("Bound") && volume.isPresent();
  }

  /**
   * The name under which backups of its volume follow each other. It holds the uid: a claim that is
   * made anew under the same name has another volume.
   */
  public String volumeName() {
    return name + "@" + uid;
  }

  /**
   * Checks that there is a volume to take a snapshot of.
   *
   * @throws ClusterObjectUnusable if not
   */
  public void requireBound() throws ClusterObjectUnusable {
    String look = "kubectl describe pvc -n " + name.namespace() + " " + name.name();
    if (deleting) {
      throw ClusterObjectUnusable.refused("claim " + name + " is being deleted", "see " + look);
    }
    if (!bound()) {
      throw ClusterObjectUnusable.notReady(
          "claim " + name + " is not bound to a volume", "see " + look);
    }
  }
}
