package io.blockmover.engine.restore;

import java.time.Duration;
import java.util.List;

/**
 * What a restore did, or would do.
 *
 * @param fetchedBytes read from the store
 * @param writtenBytes of data written to the target
 * @param zeroedBytes made zero by hole or discard
 * @param unchangedBytes that the target held already (differential, or known to start as zeros)
 * @param packs that were read
 * @param lost what could not be restored, ascending; empty unless it was to keep going
 * @param proved what is proved about the target now, a sentence for the user
 */
public record RestoreReport(
    String backup,
    String volume,
    long volumeBytes,
    long fetchedBytes,
    long writtenBytes,
    long zeroedBytes,
    long unchangedBytes,
    int packs,
    List<LostExtent> lost,
    String proved,
    Duration duration) {

  public RestoreReport {
    lost = List.copyOf(lost);
  }
}
