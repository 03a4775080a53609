/** Whether a cluster's Velero can use mover, and what to do where it cannot. */
@NullMarked
package io.blockmover.velero.check;

import org.jspecify.annotations.NullMarked;
