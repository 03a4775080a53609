/** Velero's data mover: its objects DataUpload and DataDownload carried out by mover's pods. */
@NullMarked
package io.blockmover.velero;

import org.jspecify.annotations.NullMarked;
