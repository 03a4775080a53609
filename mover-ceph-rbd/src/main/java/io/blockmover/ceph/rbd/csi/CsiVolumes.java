package io.blockmover.ceph.rbd.csi;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.ClusterSettings;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import java.util.Optional;

/** Finds the images of volumes by the handles that ceph-csi gave them. */
public final class CsiVolumes {

  private final CsiConnection connections;

  public CsiVolumes(CsiClusters clusters, CephLibrary library) {
    this.connections = new CsiConnection(clusters, library);
  }

  /**
   * An image of a volume.
   *
   * @param settings to connect to its cluster by
   * @param namespace the RADOS namespace; empty for the default one
   */
  public record Image(ClusterSettings settings, String pool, String namespace, String name) {}

  /**
   * Looks a volume up in the journal.
   *
   * @param volume a reference whose volume handle it is, and whose handle is empty
   * @throws io.blockmover.api.TrackingUnavailable if no cluster has it, or none can be asked
   */
  public Image find(SnapshotReference volume, CsiHandle handle) throws MoverException {
    return connections.of(
        volume,
        handle,
        (connection, cluster) -> {
          try (ClusterConnection _ = connection;
              RbdPool pool = connection.pool(cluster.poolId(), cluster.namespace())) {
            Optional<String> image = CsiJournal.volumeImage(pool, handle.uuid());
            return image.map(
                name -> new Image(cluster.settings(), pool.poolName(), pool.namespace(), name));
          }
        });
  }
}
