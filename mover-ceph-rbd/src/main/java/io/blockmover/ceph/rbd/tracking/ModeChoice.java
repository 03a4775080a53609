package io.blockmover.ceph.rbd.tracking;

import io.blockmover.ceph.rbd.DeltaObstacle;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.librbd.CephErrno;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.ImageFeature;
import io.blockmover.ceph.rbd.librbd.ImageSnapshot;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import java.util.List;
import java.util.Optional;

/**
 * Whether the object maps of a delta can be used. Librbd does not say when it cannot use them, and
 * is wrong where an image was smaller in between; so all is looked at first.
 */
record ModeChoice(CephLibrary library, ClusterConnection connection) {

  /**
   * Why the delta has to be exact.
   *
   * @param sentence for the operator
   */
  record Against(DeltaObstacle reason, String sentence) {}

  /** What speaks against whole objects; empty if nothing does. */
  Optional<Against> against(DeltaPlan plan) throws CephFailure {
    List<ImageSnapshot> involved = plan.history().between(plan.base().id(), plan.target().id());
    if (library.whyNoDiffById().isPresent()) {
      return unusable("librbd of these versions tells wrong offsets of whole objects");
    }
    if (!plan.history().features().contains(ImageFeature.FAST_DIFF)) {
      return unusable("the image does not have feature fast-diff");
    }
    long smallest = involved.stream().mapToLong(ImageSnapshot::sizeBytes).min().orElseThrow();
    if (smallest < plan.base().sizeBytes()) {
      return Optional.of(
          new Against(
              DeltaObstacle.SHRUNK_BETWEEN,
              "the image had %d bytes between snapshots %d and %d, fewer than before"
                  .formatted(smallest, plan.base().id(), plan.target().id())));
    }
    if (plan.wasFlattened()) {
      return Optional.of(
          new Against(
              DeltaObstacle.FLATTENED_BETWEEN,
              "the image was flattened after snapshot %d, so all its objects are new"
                  .formatted(plan.base().id())));
    }
    try (RbdPool pool = connection.pool(plan.identity().poolId(), plan.identity().namespace())) {
      for (ImageSnapshot snapshot : involved) {
        Optional<Against> found = against(pool, plan.identity(), snapshot);
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
  }

  private static Optional<Against> unusable(String sentence) {
    return Optional.of(new Against(DeltaObstacle.OBJECT_MAP_UNUSABLE, sentence));
  }

  private static Optional<Against> against(
      RbdPool pool, ImageIdentity identity, ImageSnapshot snapshot) throws CephFailure {
    try (RbdImage image = pool.openReadOnlyById(identity.imageId(), snapshot.id())) {
      if (!image.flags().isEmpty()) {
        return unusable("snapshot " + snapshot.id() + " has flags " + image.flags());
      }
    }
    String map = "rbd_object_map.%s.%016x".formatted(identity.imageId(), snapshot.id());
    try {
      pool.omap(map, List.of());
      return Optional.empty();
    } catch (CephFailure e) {
      if (e.errno() == CephErrno.GONE) {
        return unusable("snapshot " + snapshot.id() + " has no object map");
      }
      throw e;
    }
  }
}
