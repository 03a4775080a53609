/** What has to end before the controller itself is removed. */
@NullMarked
package io.blockmover.velero.drain;

import org.jspecify.annotations.NullMarked;
