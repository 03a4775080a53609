package io.blockmover.kubernetes;

import io.blockmover.api.tracking.SnapshotReference;

/** Names of the attributes in the references that {@link SnapshotFacts#reference} makes. */
public final class SnapshotAttributes {

  /** Namespace of the VolumeSnapshot. */
  public static final String NAMESPACE = "kubernetes.namespace";

  /** Name of the VolumeSnapshot. */
  public static final String SNAPSHOT = "kubernetes.snapshot";

  /** Uid of the VolumeSnapshot. */
  public static final String SNAPSHOT_UID = "kubernetes.snapshot-uid";

  /** Name of the VolumeSnapshotContent. */
  public static final String CONTENT = "kubernetes.content";

  /** Name of the claim that the snapshot was taken of; absent if it was not taken of one. */
  public static final String CLAIM = "kubernetes.claim";

  /** When the storage took the snapshot, as ISO 8601 in UTC; absent if it did not say. */
  public static final String CREATED = SnapshotReference.CREATED;

  /** {@code Block} or {@code Filesystem}; absent if the cluster does not know. */
  public static final String VOLUME_MODE = SnapshotReference.VOLUME_MODE;

  private static final String ANNOTATION = "kubernetes.annotation/";

  private SnapshotAttributes() {}

  /** The attribute that holds an annotation of the VolumeSnapshot. */
  public static String annotation(String key) {
    return ANNOTATION + key;
  }
}
