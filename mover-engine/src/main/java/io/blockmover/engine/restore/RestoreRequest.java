package io.blockmover.engine.restore;

import io.blockmover.api.source.BlockTarget;
import io.blockmover.engine.MemoryProfile;

/**
 * What to restore and how.
 *
 * @param backup full id
 * @param target stays open and is the caller's to close; null-like for a dry run is not allowed,
 *     use {@code dryRun}
 * @param differential read what the target holds and write only what differs
 * @param readBack read everything back after the flush and compare with the chunk ids
 * @param dryRun plan only: what would be fetched and written
 */
public record RestoreRequest(
    String backup,
    BlockTarget target,
    boolean differential,
    boolean readBack,
    boolean dryRun,
    MemoryProfile memory) {}
