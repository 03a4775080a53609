package io.blockmover.repository.key;

import java.time.Instant;

/**
 * What a slot says of itself to whoever can read the store.
 *
 * @param id 32 hex digits
 * @param label what it is for, as whoever added it said
 * @param encrypted whether a password opens it; otherwise everybody can
 * @param writeOnly whether it says that it opens no data
 * @param inUse whether the repository was opened with it
 */
public record KeySlotSummary(
    String id,
    String label,
    Instant created,
    boolean encrypted,
    boolean writeOnly,
    boolean inUse) {}
