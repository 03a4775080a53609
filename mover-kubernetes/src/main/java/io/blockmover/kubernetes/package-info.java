/** What commands, trackers and controllers need of the Kubernetes API server. */
@NullMarked
package io.blockmover.kubernetes;

import org.jspecify.annotations.NullMarked;
