/** Restores: a volume is made, filled by a pod, and handed to the claim that waits for it. */
@NullMarked
package io.blockmover.velero.download;

import org.jspecify.annotations.NullMarked;
