/** From a BackupStorageLocation to a repository that a pod can open. */
@NullMarked
package io.blockmover.velero.location;

import org.jspecify.annotations.NullMarked;
