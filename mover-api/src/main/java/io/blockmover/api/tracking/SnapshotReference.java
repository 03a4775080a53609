package io.blockmover.api.tracking;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A snapshot (or, for volumes without one, the live volume) that a tracker is asked about. Never a
 * device: so that trackers can also be served to others.
 *
 * @param driver CSI driver, {@code "file"} or {@code "device"} for the command line's sources
 * @param handle the storage's name of the snapshot; empty for a live volume
 * @param volumeHandle the storage's name of the volume
 * @param sizeBytes size of the volume at that moment
 * @param attributes what else is known, by name: {@link #CREATED}, {@link #VOLUME_MODE}, and what
 *     only one tracker understands
 */
public record SnapshotReference(
    String driver,
    String handle,
    String volumeHandle,
    long sizeBytes,
    Map<String, String> attributes) {

  /** Attribute: when the snapshot was taken, ISO 8601 in UTC. */
  public static final String CREATED = "created";

  /** Attribute: {@code Filesystem} or {@code Block}, how the volume is used. */
  public static final String VOLUME_MODE = "volumeMode";

  /**
   * Attribute: a number. Of a volume that is a clone of a clone, and so on, more often than this,
   * no changes are asked for.
   */
  public static final String DEEPEST_CLONE = "deepestClone";

  public SnapshotReference {
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("size is " + sizeBytes);
    }
    attributes = Map.copyOf(attributes);
  }

  /** The same with one more attribute, or another value of it. */
  public SnapshotReference with(String attribute, String value) {
    Map<String, String> all = new HashMap<>(attributes);
    all.put(attribute, value);
    return new SnapshotReference(driver, handle, volumeHandle, sizeBytes, all);
  }

  /** When the snapshot was taken; empty if that is not known. */
  public Optional<Instant> created() {
    try {
      return Optional.ofNullable(attributes.get(CREATED)).map(Instant::parse);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
