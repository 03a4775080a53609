/**
 * Stores that need no network, and the wrappers that every store gets: retries, limits, counters.
 */
@NullMarked
package io.blockmover.repository.store;

import org.jspecify.annotations.NullMarked;
