/**
 * Reads chunks in bulk: grouped by pack, in large ranges, by many threads at once. What is done
 * with them, written, compared or checked, is the caller's.
 */
@NullMarked
package io.blockmover.engine.fetch;

import org.jspecify.annotations.NullMarked;
