/** What happened, as Events of Kubernetes, where people look for it. */
@NullMarked
package io.blockmover.velero.event;

import org.jspecify.annotations.NullMarked;
