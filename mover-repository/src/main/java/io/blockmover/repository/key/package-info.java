/** The key set and the slots that hold it (repository format, section 2). */
@NullMarked
package io.blockmover.repository.key;

import org.jspecify.annotations.NullMarked;
