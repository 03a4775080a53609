/**
 * Packs: records sealed one by one, a table at the end (repository format, sections 4 and 5). A
 * data pack is filled by many threads at once and uploaded in one PUT.
 */
@NullMarked
package io.blockmover.repository.pack;

import org.jspecify.annotations.NullMarked;
