package io.blockmover.ceph.rbd.status;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.MoverException;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.librbd.CephErrno;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.ClusterSettings;
import io.blockmover.ceph.rbd.librbd.ImageName;
import io.blockmover.ceph.rbd.librbd.ParentSnapshot;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at images without changing anything. */
public final class StatusReader {

  private static final int MAX_DEPTH = 64;

  private StatusReader() {}

  /**
   * Looks.
   *
   * @return the image, or all images of the pool's namespace, by name
   * @throws io.blockmover.api.AccessDenied if the cluster refuses these credentials
   * @throws DeviceFailed if it does not answer, or there is no such pool or image
   */
  public static List<ImageStatus> read(ClusterSettings settings, StatusScope scope)
      throws MoverException {
    CephLibrary library =
        switch (CephLibrary.load()) {
          case CephLibrary.Loading.Loaded(CephLibrary loaded) -> loaded;
          case CephLibrary.Loading.Unavailable(String reason) -> throw new DeviceFailed(reason, "");
        };
    try (ClusterConnection connection = library.connect(settings);
        RbdPool pool = connection.pool(scope.pool(), scope.namespace())) {
      List<ImageStatus> found = new ArrayList<>();
      if (!scope.image().isEmpty()) {
        found.add(status(connection, pool, scope.image()));
        return found;
      }
      for (ImageName image : pool.images()) {
        try {
          found.add(status(connection, pool, image.name()));
        } catch (CephFailure e) {
          if (e.errno() != CephErrno.GONE) { // removed in between
            throw e;
          }
        }
      }
      return found;
    } catch (CephFailure e) {
      throw e.asDeviceFailure();
    }
  }

  private static ImageStatus status(ClusterConnection connection, RbdPool pool, String name)
      throws CephFailure {
    try (RbdImage image = pool.openReadOnly(name)) {
      return new ImageStatus(
          new ImageIdentity(
              connection.fsid(), pool.id(), pool.namespace(), image.id(), ImageIdentity.HEAD),
          new StatusScope(pool.poolName(), pool.namespace(), name).toString(),
          image.sizeBytes(),
          image.layout().objectBytes(),
          image.features(),
          image.flags(),
          image.snapshots(),
          ancestors(connection, image));
    }
  }

  private static List<ImageStatus.Ancestor> ancestors(ClusterConnection connection, RbdImage image)
      throws CephFailure {
    List<ImageStatus.Ancestor> ancestors = new ArrayList<>();
    Optional<ParentSnapshot> parent = image.parent();
    while (parent.isPresent() && ancestors.size() < MAX_DEPTH) {
      ParentSnapshot link = parent.get();
      ancestors.add(
          new ImageStatus.Ancestor(
              new StatusScope(
                      link.image().pool(), link.image().namespace(), link.image().imageName())
                  .toString(),
              link.snapshotName(),
              link.image().inTrash()));
      try (RbdPool pool = connection.pool(link.image().poolId(), link.image().namespace());
          RbdImage next = pool.openReadOnlyById(link.image().imageId(), link.snapshotId())) {
        parent = next.parent();
      }
    }
    return ancestors;
  }
}
