package io.blockmover.ceph.rbd.tracking;

import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.librbd.CephErrno;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.LinkedImage;
import io.blockmover.ceph.rbd.librbd.ParentSnapshot;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import java.util.Optional;

/** How deep a clone an image is, counted as ceph-csi does: up to an ancestor in the trash. */
final class CloneDepth {

  /** Far above what ceph-csi allows (16 at most). */
  private static final int MOST = 64;

  private CloneDepth() {}

  static int of(ClusterConnection connection, ImageIdentity image) throws CephFailure {
    int depth = 0;
    Optional<LinkedImage> parent =
        parent(connection, image.poolId(), image.namespace(), image.imageId());
    while (parent.isPresent() && !parent.get().inTrash() && depth < MOST) {
      depth++;
      LinkedImage link = parent.get();
      parent = parent(connection, link.poolId(), link.namespace(), link.imageId());
    }
    return depth;
  }

  private static Optional<LinkedImage> parent(
      ClusterConnection connection, long poolId, String namespace, String imageId)
      throws CephFailure {
    try (RbdPool pool = connection.pool(poolId, namespace);
        RbdImage image = pool.openReadOnlyById(imageId)) {
      return image.parent().map(ParentSnapshot::image);
    } catch (CephFailure e) {
      if (e.errno() == CephErrno.GONE) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
