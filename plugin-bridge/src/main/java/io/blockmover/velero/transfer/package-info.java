/** DataUpload and DataDownload as we see them, and the one place that writes to them. */
@NullMarked
package io.blockmover.velero.transfer;

import org.jspecify.annotations.NullMarked;
