/** What changed between snapshots of Ceph's images, by librbd's own diff. */
@NullMarked
package io.blockmover.ceph.rbd.tracking;

import org.jspecify.annotations.NullMarked;
