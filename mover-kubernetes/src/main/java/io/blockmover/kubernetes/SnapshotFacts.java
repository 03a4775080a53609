package io.blockmover.kubernetes;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.tracking.SnapshotReference;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A VolumeSnapshot that is ready, with what its storage knows it by.
 *
 * @param content name of the VolumeSnapshotContent
 * @param handle the storage's name of the snapshot
 * @param volumeHandle the storage's name of the volume; empty if the snapshot was not taken here
 * @param restoreSizeBytes size of the volume at that moment
 * @param created when the storage took it; absent if it did not say
 * @param claim the claim in the same namespace that it was taken of
 * @param volumeMode {@code Block} or {@code Filesystem}; absent if the cluster does not know
 * @param annotations of the VolumeSnapshot
 */
public record SnapshotFacts(
    ObjectName name,
    String uid,
    String content,
    String driver,
    String handle,
    String volumeHandle,
    long restoreSizeBytes,
    Optional<Instant> created,
    Optional<String> claim,
    Optional<String> volumeMode,
    Map<String, String> annotations) {

  /**
   * Annotation of a VolumeSnapshotContent that was made for a handle, and so has no place for the
   * volume that it is of: without the volume no later snapshot can be told to be of the same.
   */
  public static final String VOLUME_HANDLE = "blockmover.io/volume-handle";

  public SnapshotFacts {
    annotations = Map.copyOf(annotations);
  }

  /** What a tracker is asked about; {@link SnapshotAttributes} names the attributes. */
  public SnapshotReference reference() {
    Map<String, String> attributes = new HashMap<>();
    annotations.forEach((key, value) -> attributes.put(SnapshotAttributes.annotation(key), value));
    attributes.put(SnapshotAttributes.NAMESPACE, name.namespace());
    attributes.put(SnapshotAttributes.SNAPSHOT, name.name());
    attributes.put(SnapshotAttributes.SNAPSHOT_UID, uid);
    attributes.put(SnapshotAttributes.CONTENT, content);
    claim.ifPresent(value -> attributes.put(SnapshotAttributes.CLAIM, value));
    created.ifPresent(value -> attributes.put(SnapshotAttributes.CREATED, value.toString()));
    volumeMode.ifPresent(value -> attributes.put(SnapshotAttributes.VOLUME_MODE, value));
    return new SnapshotReference(driver, handle, volumeHandle, restoreSizeBytes, attributes);
  }

  /**
   * Checks that what changed between the base and this can be asked for: of one driver and volume,
   * and in this order. What the cluster does not know is left to the driver.
   *
   * @throws ClusterObjectUnusable if not
   */
  public void requireBase(SnapshotFacts base) throws ClusterObjectUnusable {
    if (!base.driver.equals(driver)) {
      throw ClusterObjectUnusable.refused(
          "VolumeSnapshot %s is of driver %s, the base %s of driver %s"
              .formatted(name, driver, base.name, base.driver),
          "name a base that the same driver took");
    }
    if (!base.volumeHandle.isEmpty()
        && !volumeHandle.isEmpty()
        && !base.volumeHandle.equals(volumeHandle)) {
      throw ClusterObjectUnusable.refused(
          "VolumeSnapshots %s and %s are of different volumes (%s, %s)"
              .formatted(name, base.name, volumeHandle, base.volumeHandle),
          "name a base of the same volume; a claim that was made anew has a new volume");
    }
    if (base.handle.equals(handle)
        || created.flatMap(mine -> base.created.map(mine::isBefore)).orElse(false)) {
      throw ClusterObjectUnusable.refused(
          "the base %s is not older than VolumeSnapshot %s".formatted(base.name, name),
          "exchange the two, or name an older base");
    }
  }
}
