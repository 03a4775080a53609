/** What a cluster's objects say of the mover's work, as figures for Prometheus. */
@NullMarked
package io.blockmover.velero.metrics;

import org.jspecify.annotations.NullMarked;
