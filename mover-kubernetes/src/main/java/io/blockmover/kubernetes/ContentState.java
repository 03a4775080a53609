package io.blockmover.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A VolumeSnapshotContent as it stands: the storage's side of a snapshot.
 *
 * @param snapshotUid of the VolumeSnapshot that it belongs to; empty if it does not say
 * @param handle the storage's name of the snapshot
 * @param volumeHandle the storage's name of the volume; absent if the snapshot was not taken here
 *     and {@link SnapshotFacts#VOLUME_HANDLE} does not say
 * @param volumeMode of the volume that it was taken of: {@code Block} or {@code Filesystem}
 */
record ContentState(
    String name,
    String driver,
    Optional<String> snapshotNamespace,
    Optional<String> snapshotName,
    Optional<String> snapshotUid,
    Optional<String> handle,
    Optional<String> volumeHandle,
    Optional<String> volumeMode,
    Optional<String> deletionPolicy,
    boolean ready,
    Optional<String> error,
    Optional<Instant> created,
    OptionalLong restoreSizeBytes) {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  static ContentState of(GenericKubernetesResource object) {
    ClusterObject fields = new ClusterObject(object);
    return new ContentState(
        fields.name(),
        fields.text("spec", "driver").orElse(""),
        fields.text("spec", "volumeSnapshotRef", "namespace"),
        fields.text("spec", "volumeSnapshotRef", "name"),
        fields.text("spec", "volumeSnapshotRef", "uid"),
        fields.text("status", "snapshotHandle"),
        fields
            .text("spec", "source", "volumeHandle")
            .or(() -> Optional.ofNullable(fields.annotations().get(SnapshotFacts.VOLUME_HANDLE))),
        fields.text("spec", "sourceVolumeMode"),
        fields.text("spec", "deletionPolicy"),
        fields.flag("status", "readyToUse").orElse(false),
        fields.text("status", "error", "message"),
        created(fields.number("status", "creationTime")),
        fields.number("status", "restoreSize"));
  }

  private static Optional<Instant> created(OptionalLong nanos) {
    return nanos.isEmpty() || nanos.getAsLong() <= 0
        ? Optional.empty()
        : Optional.of(
            Instant.ofEpochSecond(
                nanos.getAsLong() / NANOS_PER_SECOND, nanos.getAsLong() % NANOS_PER_SECOND));
  }

  boolean belongsTo(SnapshotState snapshot) {
    return snapshotNamespace.equals(Optional.of(snapshot.name().namespace()))
        && snapshotName.equals(Optional.of(snapshot.name().name()))
        && (snapshotUid.isEmpty() || snapshotUid.get().equals(snapshot.uid()));
  }
}
