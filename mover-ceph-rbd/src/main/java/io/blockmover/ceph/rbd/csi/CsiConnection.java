package io.blockmover.ceph.rbd.csi;

import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.librbd.CephErrno;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to the clusters that a handle can mean until one has it. A refused secret is looked up
 * once more: it may have been rotated meanwhile.
 */
final class CsiConnection {

  private static final Logger LOG = LoggerFactory.getLogger(CsiConnection.class);

  private final CsiClusters clusters;
  private final CephLibrary library;

  CsiConnection(CsiClusters clusters, CephLibrary library) {
    this.clusters = clusters;
    this.library = library;
  }

  /** What is done with a connection. */
  interface Use<T> {
    /**
     * Takes the connection over, unless it throws or finds nothing.
     *
     * @return empty if this cluster's journal does not have the handle
     * @throws CephFailure {@link CephErrno#GONE} if the pool is not in this cluster
     */
    Optional<T> of(ClusterConnection connection, CsiCluster cluster)
        throws CephFailure, MoverException;
  }

  /**
   * Connects.
   *
   * @param reference of the snapshot or volume that the handle is of
   * @throws io.blockmover.api.TrackingUnavailable if no cluster has it, or none can be asked
   */
  <T> T of(SnapshotReference reference, CsiHandle handle, Use<T> use) throws MoverException {
    try {
      try {
        return any(reference, handle, use);
      } catch (CephFailure e) {
        if (e.errno() != CephErrno.REFUSED) {
          throw e;
        }
        LOG.info("{}; the secret is read again", e.getMessage());
        return any(reference, handle, use);
      }
    } catch (CephFailure e) {
      throw e.asTrackingFailure();
    }
  }

  private <T> T any(SnapshotReference reference, CsiHandle handle, Use<T> use)
      throws CephFailure, MoverException {
    @Nullable CephFailure last = null;
    List<CsiCluster> candidates = clusters.find(reference, handle);
    for (CsiCluster cluster : candidates) {
      try {
        Optional<T> found = one(cluster, use);
        if (found.isPresent()) {
          return found.get();
        }
      } catch (CephFailure e) {
        if (e.errno() != CephErrno.GONE) {
          throw e;
        }
        last = e; // the pool is not there: after a disaster recovery it has another id
      }
    }
    if (last != null) {
      throw last;
    }
    throw new TrackingUnavailable(
        "ceph-csi's journal has no entry %s in %s"
            .formatted(
                handle.uuid(),
                candidates.stream().map(CsiCluster::toString).collect(Collectors.joining(", "))),
        "check the cluster id's RADOS namespace, and that the snapshot exists");
  }

  private <T> Optional<T> one(CsiCluster cluster, Use<T> use) throws CephFailure, MoverException {
    ClusterConnection connection = library.connect(cluster.settings());
    Optional<T> found = Optional.empty();
    try {
      found = use.of(connection, cluster);
      return found;
    } finally {
      if (found.isEmpty()) {
        connection.close();
      }
    }
  }
}
