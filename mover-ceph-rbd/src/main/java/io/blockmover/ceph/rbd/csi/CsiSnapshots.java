package io.blockmover.ceph.rbd.csi;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.OpenSnapshot;
import io.blockmover.ceph.rbd.SnapshotLocator;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import java.util.Optional;

/** Snapshots that ceph-csi made, by the handles it gave them. */
public final class CsiSnapshots implements SnapshotLocator {

  /** Upstream's name; Rook and ODF put their namespace before it. */
  private static final String DRIVER = "rbd.csi.ceph.com";

  private final CsiClusters clusters;

  public CsiSnapshots(CsiClusters clusters) {
    this.clusters = clusters;
  }

  @Override
  public boolean concerns(SnapshotReference reference) {
    return isDriver(reference.driver());
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

  /** What stands before upstream's name of a driver: the namespace of Rook or of ODF. */
  public static Optional<String> prefix(String driver) {
    return driver.endsWith("." + DRIVER)
        ? Optional.of(driver.substring(0, driver.length() - DRIVER.length() - 1))
        : Optional.empty();
  }

  /** Whether a driver is ceph-csi's for RBD, under whatever name it was installed. */
  public static boolean isDriver(String driver) {
    return driver.equals(DRIVER) || prefix(driver).isPresent();
  }

  @Override
  public OpenSnapshot open(CephLibrary library, SnapshotReference reference) throws MoverException {
    CsiHandle handle = CsiHandle.parse(reference.handle()).orElseThrow();
    return new CsiConnection(clusters, library)
        .of(
            reference,
            handle,
            (connection, cluster) ->
                new CsiSnapshotSearch(connection, cluster, handle)
                    .find()
                    .map(snapshot -> new OpenSnapshot(connection, snapshot)));
  }
}
