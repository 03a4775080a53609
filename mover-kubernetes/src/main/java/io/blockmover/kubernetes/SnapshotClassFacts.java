package io.blockmover.kubernetes;

/**
 * A VolumeSnapshotClass.
 *
 * @param standard whether snapshots that name no class get this one
 * @param deletes whether the storage's snapshot goes with the VolumeSnapshot
 */
public record SnapshotClassFacts(String name, String driver, boolean standard, boolean deletes) {

  /** The annotation that makes a class the default. */
  public static final String STANDARD = "snapshot.storage.kubernetes.io/is-default-class";

  static SnapshotClassFacts of(ClusterObject fields) {
    return new SnapshotClassFacts(
        fields.name(),
        fields.text("driver").orElse(""),
        "true".equals(fields.annotations().get(STANDARD)),
        fields.text("deletionPolicy").filter("Delete"::equals).isPresent());
  }
}
