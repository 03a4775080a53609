package io.blockmover.api.tracking;

import java.util.Map;

/**
 * A snapshot (or, for volumes without one, the live volume) that a tracker is asked about. Never a
 * device: so that trackers can also be served to others.
 *
 * @param driver CSI driver, {@code "file"} or {@code "device"} for the command line's sources
 * @param handle the storage's name of the snapshot; empty for a live volume
 * @param volumeHandle the storage's name of the volume
 * @param sizeBytes size of the volume at that moment
 * @param attributes what else is known, by name
 */
public record SnapshotReference(
    String driver,
    String handle,
    String volumeHandle,
    long sizeBytes,
    Map<String, String> attributes) {

  public SnapshotReference {
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("size is " + sizeBytes);
    }
    attributes = Map.copyOf(attributes);
  }
}
