package io.blockmover.cbt.k8s.serve;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;

/** What a server knows about snapshots. Thread-safe; blocks. */
public interface ServedSnapshots {

  /**
   * A VolumeSnapshot.
   *
   * @throws MoverException if there is none, or nothing is known about it
   */
  ServedSnapshot open(String namespace, String name) throws MoverException;

  /** One of them. Closed by whoever asked for it. */
  interface ServedSnapshot extends AutoCloseable {

    /** Answers what is allocated and what changed. */
    ChangeTracker tracker();

    /** Size of the volume at that moment. */
    long sizeBytes();

    /**
     * What the tracker calls a base.
     *
     * @param id as it stands in a request: the CSI handle of the base
     * @throws io.blockmover.api.BaseSnapshotMissing if it is unknown, or of another volume
     */
    ChangeId base(String id) throws MoverException;

    @Override
    void close();
  }
}
