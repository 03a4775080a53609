package io.blockmover.ceph.rbd.volume;

import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.ClusterSettings;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import io.blockmover.ceph.rbd.librbd.RbdPool;

/** An open image with the connection that is its own. Closing it ends both, after their calls. */
record OpenImage(ClusterConnection connection, RbdPool pool, RbdImage image)
    implements AutoCloseable {

  /** Opens an image on a connection. */
  interface Opener {
    OpenImage open(ClusterConnection connection) throws CephFailure;
  }

  /** Connects, and opens; the connection is closed if that fails. */
  static OpenImage connect(CephLibrary library, ClusterSettings settings, Opener opener)
      throws CephFailure {
    ClusterConnection connection = library.connect(settings);
    try {
      return opener.open(connection);
    } catch (CephFailure | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Opens what an identity names, whatever it is called by now. */
  static OpenImage byIdentity(ClusterConnection connection, ImageIdentity identity)
      throws CephFailure {
    RbdPool pool = connection.pool(identity.poolId(), identity.namespace());
    return new OpenImage(
        connection,
        pool,
        identity.snapshotId() == ImageIdentity.HEAD
            ? pool.openReadOnlyById(identity.imageId())
            : pool.openReadOnlyById(identity.imageId(), identity.snapshotId()));
  }

  @Override
  public void close() {
    connection.close();
  }
}
