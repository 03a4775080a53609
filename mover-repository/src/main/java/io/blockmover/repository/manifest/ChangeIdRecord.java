package io.blockmover.repository.manifest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one tracker needs to say later what changed since this backup.
 *
 * @param tracker its name
 * @param changeId opaque
 * @param driver of the volume: the id means nothing to another one
 * @param volumeHandle the storage's name of the volume: nor for another volume
 * @param snapshotHandle the storage's name of the snapshot; empty for a live volume
 * @param volumeBytes size of the volume then
 * @param snapshotCreated when the snapshot was taken; null if not known
 */
public record ChangeIdRecord(
    String tracker,
    String changeId,
    String driver,
    String volumeHandle,
    String snapshotHandle,
    long volumeBytes,
    @Nullable Instant snapshotCreated) {}
