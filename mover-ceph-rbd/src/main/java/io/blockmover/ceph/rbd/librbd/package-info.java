/**
 * librados and librbd by the FFM API, and typed owners of what they open. No JNI, no process, no
 * word of backups: callers see values, extents and {@link
 * io.blockmover.ceph.rbd.librbd.CephFailure}.
 *
 * <p>Opened in the order {@link io.blockmover.ceph.rbd.librbd.CephLibrary} → {@link
 * io.blockmover.ceph.rbd.librbd.ClusterConnection} → {@link io.blockmover.ceph.rbd.librbd.RbdPool}
 * → {@link io.blockmover.ceph.rbd.librbd.RbdImage}. Closing one closes what was opened from it
 * first, and waits for the calls that are under way. All owners are thread-safe except where they
 * say otherwise. Calls block in native code, cannot be interrupted and end by the timeouts of
 * {@link io.blockmover.ceph.rbd.librbd.ClusterSettings}: they are meant for platform threads.
 */
@NullMarked
package io.blockmover.ceph.rbd.librbd;

import org.jspecify.annotations.NullMarked;
