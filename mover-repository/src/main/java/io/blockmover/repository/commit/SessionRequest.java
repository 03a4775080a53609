package io.blockmover.repository.commit;

import io.blockmover.repository.session.ResumableSession;
import org.jspecify.annotations.Nullable;

/**
 * The session of a backup that is about to begin.
 *
 * @param chunkBytes the grid, if there is no parent; a parent's grid goes before
 * @param source what names the source's content for ever; null if it can change
 * @param resume the interrupted session to continue; its parent goes before {@code parent}
 */
public record SessionRequest(
    String volume,
    ParentChoice parent,
    long volumeBytes,
    int chunkBytes,
    @Nullable String source,
    @Nullable ResumableSession resume) {}
