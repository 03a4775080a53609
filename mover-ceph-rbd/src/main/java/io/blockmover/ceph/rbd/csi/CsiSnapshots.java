package io.blockmover.ceph.rbd.csi;

import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.OpenSnapshot;
import io.blockmover.ceph.rbd.SnapshotLocator;
import io.blockmover.ceph.rbd.librbd.CephErrno;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Snapshots that ceph-csi made, by the handles it gave them. */
public final class CsiSnapshots implements SnapshotLocator {

  private static final Logger LOG = LoggerFactory.getLogger(CsiSnapshots.class);

  /** Upstream's name; Rook and ODF put their namespace before it. */
  private static final String DRIVER = "rbd.csi.ceph.com";

  private final CsiClusters clusters;

  public CsiSnapshots(CsiClusters clusters) {
    this.clusters = clusters;
  }

  @Override
  public boolean concerns(SnapshotReference reference) {
    String driver = reference.driver();
    return driver.equals(DRIVER) || driver.endsWith("." + DRIVER);
  }

  @Override
  public Applicability applicability(SnapshotReference reference) {
    if (!concerns(reference)) {
      return new Applicability.NotApplicable(
          "driver " + reference.driver() + " is not ceph-csi's for RBD");
    }
    return CsiHandle.parse(reference.handle()).isPresent()
        ? new Applicability.Applicable()
        : new Applicability.NotApplicable(
            "'" + reference.handle() + "' is no handle of ceph-csi, version 0001");
  }

  @Override
  public OpenSnapshot open(CephLibrary library, SnapshotReference reference) throws MoverException {
    CsiHandle handle = CsiHandle.parse(reference.handle()).orElseThrow();
    try {
      try {
        return open(library, handle, clusters.find(reference, handle));
      } catch (CephFailure e) {
        if (e.errno() != CephErrno.REFUSED) {
          throw e;
        }
        LOG.info("{}; the secret is read again", e.getMessage());
        return open(library, handle, clusters.find(reference, handle));
      }
    } catch (CephFailure e) {
      throw e.asTrackingFailure();
    }
  }

  private static OpenSnapshot open(CephLibrary library, CsiHandle handle, CsiCluster cluster)
      throws CephFailure, TrackingUnavailable {
    ClusterConnection connection = library.connect(cluster.settings());
    try {
      return new OpenSnapshot(
          connection, new CsiSnapshotSearch(connection, cluster, handle).find());
    } catch (CephFailure | TrackingUnavailable | RuntimeException e) {
      connection.close();
      throw e;
    }
  }
}
