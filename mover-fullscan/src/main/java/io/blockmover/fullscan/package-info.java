/**
 * The tracker of last resort: knows nothing, so that everything is read and compared. Works for
 * every volume, and is the smallest example of a tracker.
 */
@NullMarked
package io.blockmover.fullscan;

import org.jspecify.annotations.NullMarked;
