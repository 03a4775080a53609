package io.blockmover.repository.session;

import org.jspecify.annotations.Nullable;

/**
 * What a resuming writer must find unchanged.
 *
 * @param parent id of the backup compared with, null for none
 */
public record JournalTerms(@Nullable String parent, long volumeBytes, int chunkBytes) {}
