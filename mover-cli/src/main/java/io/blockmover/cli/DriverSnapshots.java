package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.SnapshotFacts;

/** The VolumeSnapshots of the one driver that a server is for. */
record DriverSnapshots(Cluster cluster, String driver) {

  /**
   * Looks one up.
   *
   * @throws TrackingUnavailable if it is of another driver, or that is no name
   */
  SnapshotFacts load(String namespace, String name) throws MoverException {
    SnapshotFacts facts = cluster.snapshots().load(object(namespace, name));
    if (!facts.driver().equals(driver)) {
      throw new TrackingUnavailable(
          "VolumeSnapshot %s is of driver %s, and this server is for %s"
              .formatted(facts.name(), facts.driver(), driver),
          "");
    }
    return facts;
  }

  private static ObjectName object(String namespace, String name) throws TrackingUnavailable {
    try {
      return new ObjectName(namespace, name);
    } catch (IllegalArgumentException e) {
      throw new TrackingUnavailable(String.valueOf(e.getMessage()), "", e);
    }
  }
}
