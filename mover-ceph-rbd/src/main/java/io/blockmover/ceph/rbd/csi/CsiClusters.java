package io.blockmover.ceph.rbd.csi;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.SnapshotReference;
import java.util.List;

/**
 * Knows the clusters behind ceph-csi's cluster ids, and the credentials for them. Thread-safe.
 *
 * <p>Asked for each connection, and once more when the cluster refuses what it said: secrets are
 * rotated, so an answer must not be remembered.
 */
public interface CsiClusters {

  /**
   * The clusters that a handle can mean, the most likely first: after a disaster recovery there is
   * more than one. Never empty.
   *
   * @param reference of the snapshot, or of the volume, whose handle it is
   * @throws io.blockmover.api.TrackingUnavailable if the cluster id or its credentials are unknown
   *     here
   */
  List<CsiCluster> find(SnapshotReference reference, CsiHandle handle) throws MoverException;
}
