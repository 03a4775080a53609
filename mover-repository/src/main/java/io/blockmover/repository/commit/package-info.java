/** The commit protocol: writers, forget and readers. */
@NullMarked
package io.blockmover.repository.commit;

import org.jspecify.annotations.NullMarked;
