package io.blockmover.engine.restore;

import java.time.Duration;

/**
 * What a restore did, or would do.
 *
 * @param fetchedBytes read from the store
 * @param writtenBytes of data written to the target
 * @param zeroedBytes made zero by hole or discard
 * @param unchangedBytes that the target held already (differential)
 * @param packs that were read
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
    String proved,
    Duration duration) {}
