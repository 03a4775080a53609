/**
 * Work on a claim's volume from outside: snapshot, Block claim, mover pod, and no object left
 * behind whatever happens.
 */
@NullMarked
package io.blockmover.kubernetes.exposure;

import org.jspecify.annotations.NullMarked;
