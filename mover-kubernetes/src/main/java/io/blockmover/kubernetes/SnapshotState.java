package io.blockmover.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A VolumeSnapshot as it stands, usable or not.
 *
 * @param claim the claim in the same namespace that it was taken of
 * @param snapshotClass its VolumeSnapshotClass
 * @param content the VolumeSnapshotContent that it is bound to
 * @param hasStatus whether any controller has looked at it
 * @param error what the driver or a controller complained of last
 * @param created when the storage took it
 * @param restoreSizeBytes least size of a volume made from it
 */
public record SnapshotState(
    ObjectName name,
    String uid,
    Optional<String> claim,
    Optional<String> snapshotClass,
    Optional<String> content,
    boolean hasStatus,
    boolean ready,
    boolean deleting,
    Optional<String> error,
    Optional<Instant> created,
    OptionalLong restoreSizeBytes,
    Map<String, String> annotations,
    Map<String, String> labels) {

  static SnapshotState of(GenericKubernetesResource object) {
    ClusterObject fields = new ClusterObject(object);
    return new SnapshotState(
        new ObjectName(object.getMetadata().getNamespace(), fields.name()),
        fields.uid(),
        fields.text("spec", "source", "persistentVolumeClaimName"),
        fields.text("spec", "volumeSnapshotClassName"),
        fields.text("status", "boundVolumeSnapshotContentName"),
        fields.has("status"),
        fields.flag("status", "readyToUse").orElse(false),
        fields.deleting(),
        fields.text("status", "error", "message"),
        fields.time("status", "creationTime"),
        size(fields),
        fields.annotations(),
        fields.labels());
  }

  private static OptionalLong size(ClusterObject fields) {
    Optional<String> text = fields.text("status", "restoreSize");
    if (text.isEmpty()) {
      return fields.number("status", "restoreSize");
    }
    try {
      return OptionalLong.of(Quantity.getAmountInBytes(new Quantity(text.get())).longValueExact());
    } catch (ArithmeticException | IllegalArgumentException e) {
      return OptionalLong.empty();
    }
  }
}
