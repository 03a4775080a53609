/** DataUploads: a VolumeSnapshot taken over, moved by a pod, and given back or kept as a base. */
@NullMarked
package io.blockmover.velero.upload;

import org.jspecify.annotations.NullMarked;
