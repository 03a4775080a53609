/**
 * Images of Ceph: the ids that name them for ever, and how what others call a snapshot is found.
 */
@NullMarked
package io.blockmover.ceph.rbd;

import org.jspecify.annotations.NullMarked;
