/** Forgets backups whose Velero backup is gone from the bucket. */
@NullMarked
package io.blockmover.velero.sweep;

import org.jspecify.annotations.NullMarked;
