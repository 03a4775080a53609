package io.blockmover.ceph.rbd.tracking;

import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.librbd.CephErrno;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.ImageFeature;
import io.blockmover.ceph.rbd.librbd.ImageSnapshot;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The snapshots of an image at one moment: read by opening the image anew, for an owner that is
 * open for reading is not told of removals.
 *
 * @param isClone whether it has a parent
 */
record ImageHistory(
    Set<ImageFeature> features,
    boolean isClone,
    long objectBytes,
    long stripeCount,
    List<ImageSnapshot> snapshots) {

  ImageHistory {
    features = Set.copyOf(features);
    snapshots = List.copyOf(snapshots);
  }

  /** Reads it; empty if the image is gone. */
  static Optional<ImageHistory> read(ClusterConnection connection, ImageIdentity identity)
      throws CephFailure {
    try (RbdPool pool = connection.pool(identity.poolId(), identity.namespace());
        RbdImage image = pool.openReadOnlyById(identity.imageId())) {
      return Optional.of(
          new ImageHistory(
              image.features(),
              image.parent().isPresent(),
              image.layout().objectBytes(),
              image.layout().stripeCount(),
              image.snapshots()));
    } catch (CephFailure e) {
      if (e.errno() == CephErrno.GONE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The snapshot with an id. */
  Optional<ImageSnapshot> snapshot(long id) {
    return snapshots.stream().filter(snapshot -> snapshot.id() == id).findFirst();
  }

  /** What lies from one snapshot to another, both included, ascending. */
  List<ImageSnapshot> between(long from, long to) {
    return snapshots.stream()
        .filter(snapshot -> snapshot.id() >= from && snapshot.id() <= to)
        .toList();
  }
}
