package io.blockmover.engine.restore;

import io.blockmover.api.source.BlockTarget;
import io.blockmover.engine.MemoryProfile;

/**
 * What to restore and how.
 *
 * @param backup full id
 * @param target stays open and is the caller's to close, even for a dry run
 * @param differential read what the target holds and write only what differs
 * @param readBack read everything back after the flush and compare it with the backup
 * @param dryRun plan only: what would be fetched and written
 * @param keepGoing restore what can be restored if objects are damaged or missing, and report the
 *     rest in {@link RestoreReport#lost()}; else the first such object ends the restore
 */
public record RestoreRequest(
    String backup,
    BlockTarget target,
    boolean differential,
    boolean readBack,
    boolean dryRun,
    boolean keepGoing,
    MemoryProfile memory) {}
