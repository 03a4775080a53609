/** What writers read of garbage collection (repository format, section 14). */
@NullMarked
package io.blockmover.repository.gc;

import org.jspecify.annotations.NullMarked;
