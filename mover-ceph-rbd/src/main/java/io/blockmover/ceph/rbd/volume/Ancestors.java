package io.blockmover.ceph.rbd.volume;

import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.librbd.CephErrno;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.ParentSnapshot;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The snapshots that reads of a clone may fall through to. As with the snapshot itself, a reader is
 * not told when one of them is removed, which a flatten makes possible: what it held would read as
 * zeros from then on.
 */
final class Ancestors {

  /** Far above what ceph-csi allows (16 at most); a chain beyond is no chain. */
  private static final int MAX_DEPTH = 64;

  private Ancestors() {}

  /** The chain of an open snapshot, its parent first. */
  static List<ImageIdentity> of(OpenImage open, String fsid) throws CephFailure {
    List<ImageIdentity> chain = new ArrayList<>();
    Optional<ParentSnapshot> parent = open.image().parent();
    while (parent.isPresent() && chain.size() < MAX_DEPTH) {
      ParentSnapshot link = parent.get();
      ImageIdentity ancestor =
          new ImageIdentity(
              fsid,
              link.image().poolId(),
              link.image().namespace(),
              link.image().imageId(),
              link.snapshotId());
      chain.add(ancestor);
      try (RbdPool pool = open.connection().pool(ancestor.poolId(), ancestor.namespace());
          RbdImage image = pool.openReadOnlyById(ancestor.imageId(), ancestor.snapshotId())) {
        parent = image.parent();
      }
    }
    return chain;
  }

  /** The size of a snapshot, or of an image; empty if it is there no more. */
  static Optional<Long> sizeNow(OpenImage open, ImageIdentity identity) throws CephFailure {
    try (RbdPool pool = open.connection().pool(identity.poolId(), identity.namespace());
        RbdImage image = pool.openReadOnlyById(identity.imageId())) {
      return identity.snapshotId() == ImageIdentity.HEAD
          ? Optional.of(image.sizeBytes())
          : image.snapshots().stream()
              .filter(snapshot -> snapshot.id() == identity.snapshotId())
              .map(snapshot -> snapshot.sizeBytes())
              .findFirst();
    } catch (CephFailure e) {
      if (e.errno() == CephErrno.GONE) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
