package io.blockmover.testkit;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.SnapshotReference;
import java.io.IOException;

/**
 * A volume that {@link ChangeTrackerConformance} writes to and takes snapshots of; made by whoever
 * tests a tracker.
 */
public interface TrackedVolume extends AutoCloseable {

  /** Writes to the live volume. */
  void write(long offset, byte[] bytes) throws Exception;

  /** Discards an extent of the live volume: it reads as zeros from now on. */
  void discard(Extent extent) throws Exception;

  /** Makes the live volume larger; what is new reads as zeros. */
  void grow(long newSizeBytes) throws Exception;

  /** Takes a snapshot of the live volume. */
  SnapshotReference snapshot() throws Exception;

  /** Deletes a snapshot. */
  void delete(SnapshotReference snapshot) throws Exception;

  @Override
  void close() throws IOException;
}
