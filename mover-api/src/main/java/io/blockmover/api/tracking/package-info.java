/** Which extents of a snapshot hold data, and which changed since another. */
@NullMarked
package io.blockmover.api.tracking;

import org.jspecify.annotations.NullMarked;
