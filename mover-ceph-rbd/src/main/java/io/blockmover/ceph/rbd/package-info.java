/** Images of Ceph: their names, and how a cluster is reached. */
@NullMarked
package io.blockmover.ceph.rbd;

import org.jspecify.annotations.NullMarked;
