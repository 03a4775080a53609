/** The pod that moves one volume: made, read and ended. Nothing here waits for it. */
@NullMarked
package io.blockmover.velero.pod;

import org.jspecify.annotations.NullMarked;
