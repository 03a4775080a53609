package io.blockmover.cbt.k8s;

/** Attributes of a snapshot reference that this tracker reads; mover-kubernetes writes them. */
public final class SnapshotNames {

  /** Namespace of the VolumeSnapshot. */
  public static final String NAMESPACE = "kubernetes.namespace";

  /** Name of the VolumeSnapshot. */
  public static final String SNAPSHOT = "kubernetes.snapshot";

  /** When the storage took the snapshot, as ISO 8601 in UTC. */
  public static final String CREATED = "kubernetes.created";

  private SnapshotNames() {}

  /** The attribute with an annotation of the VolumeSnapshot. */
  public static String annotation(String key) {
    return "kubernetes.annotation/" + key;
  }
}
