/** Restore: repository to device. */
@NullMarked
package io.blockmover.engine.restore;

import org.jspecify.annotations.NullMarked;
