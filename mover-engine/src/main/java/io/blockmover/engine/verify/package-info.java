/** Verification: is what the repository holds what was written, and all of it there. */
@NullMarked
package io.blockmover.engine.verify;

import org.jspecify.annotations.NullMarked;
