/**
 * The index: where a chunk is that some backup stored. For deduplication only; nothing that reads a
 * backup needs it (repository format, section 9).
 */
@NullMarked
package io.blockmover.repository.index;

import org.jspecify.annotations.NullMarked;
