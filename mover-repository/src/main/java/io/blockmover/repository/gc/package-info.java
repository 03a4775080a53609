/** Garbage collection, and what writers read of it (repository format, section 14). */
@NullMarked
package io.blockmover.repository.gc;

import org.jspecify.annotations.NullMarked;
