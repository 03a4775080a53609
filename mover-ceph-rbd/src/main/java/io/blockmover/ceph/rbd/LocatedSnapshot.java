package io.blockmover.ceph.rbd;

/**
 * What a reference to a snapshot means in its cluster.
 *
 * @param data where its bytes are read: a snapshot. For ceph-csi it is that of the {@code csi-snap}
 *     image, which stays right while the image is flattened
 * @param lineage from where to tell what changed
 */
public record LocatedSnapshot(ImageIdentity data, Lineage lineage) {

  /** The snapshot among those of the volume's own image. */
  public sealed interface Lineage {

    /** It is there. */
    record Known(ImageIdentity snapshot) implements Lineage {}

    /**
     * It is not, or not any more.
     *
     * @param sentence why, for the operator
     */
    record Lost(DeltaObstacle reason, String sentence) implements Lineage {}
  }
}
