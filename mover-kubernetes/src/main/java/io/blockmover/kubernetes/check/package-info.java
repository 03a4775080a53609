/** Finds out what a backup on a cluster would stumble over, and says how to repair it. */
@NullMarked
package io.blockmover.kubernetes.check;

import org.jspecify.annotations.NullMarked;
