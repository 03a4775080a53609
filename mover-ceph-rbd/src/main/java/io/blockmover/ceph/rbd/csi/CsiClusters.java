package io.blockmover.ceph.rbd.csi;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.SnapshotReference;

/**
 * Knows the clusters behind ceph-csi's cluster ids, and the credentials for them. Thread-safe.
 *
 * <p>Asked for each connection, and once more when the cluster refuses what it said: secrets are
 * rotated, so an answer must not be remembered.
 */
public interface CsiClusters {

  /**
   * The cluster of a snapshot.
   *
   * @param snapshot whose handle it is
   * @throws io.blockmover.api.TrackingUnavailable if the cluster id or its credentials are unknown
   *     here
   */
  CsiCluster find(SnapshotReference snapshot, CsiHandle handle) throws MoverException;
}
