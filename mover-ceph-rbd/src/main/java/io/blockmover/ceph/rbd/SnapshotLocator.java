package io.blockmover.ceph.rbd;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.librbd.CephLibrary;

/** Finds the images behind the references of some drivers. Thread-safe. */
public interface SnapshotLocator {

  /** Whether such a reference is of its drivers. Cheap; no request. */
  boolean concerns(SnapshotReference reference);

  /** Whether it knows what such a reference means, and where not, why. Cheap; no request. */
  Applicability applicability(SnapshotReference reference);

  /**
   * Connects to its cluster and looks.
   *
   * @return to be closed by the caller
   * @throws io.blockmover.api.AccessDenied if the cluster refuses these credentials
   * @throws io.blockmover.api.TrackingUnavailable if the cluster does not answer, or knows nothing
   *     of it
   */
  OpenSnapshot open(CephLibrary library, SnapshotReference reference) throws MoverException;
}
