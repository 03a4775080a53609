package io.blockmover.api.tracking;

import io.blockmover.api.MoverException;
import java.util.Optional;

/**
 * Answers which extents of one target snapshot hold data, and which changed since a base.
 *
 * <p>Its one promise: <strong>no differing byte lies outside what it reports.</strong> Reporting
 * too much is legal and measured; reporting too little is data loss. It reads no data of the
 * volume: comparison belongs to the engine.
 *
 * <p>Thread-safe; each cursor belongs to one thread.
 */
public interface ChangeTracker extends AutoCloseable {

  /** What the extents of {@link #changedSince} say about the bytes in them. */
  ExtentQuality quality();

  /** What to record now so that the next backup can ask for what changed; empty if nothing can. */
  Optional<ChangeId> changeId();

  /**
   * The extents that may hold something other than zeros.
   *
   * @param fromOffset only what lies at or after this offset (an extent across it is cut)
   * @throws io.blockmover.api.TrackingUnavailable if it cannot say
   */
  ExtentCursor allocated(long fromOffset) throws MoverException;

  /**
   * The extents that may differ between base and target; what the target has beyond the base's size
   * is among them.
   *
   * @param base the change id recorded when the base was the target
   * @param fromOffset only what lies at or after this offset (an extent across it is cut)
   * @throws io.blockmover.api.BaseSnapshotMissing if the base is unknown, foreign, deleted or newer
   * @throws io.blockmover.api.TrackingUnavailable if it cannot say
   */
  ExtentCursor changedSince(ChangeId base, long fromOffset) throws MoverException;

  /** Ends all streams. Repeating is harmless. */
  @Override
  void close();
}
