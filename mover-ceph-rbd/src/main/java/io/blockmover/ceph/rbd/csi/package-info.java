/** What ceph-csi calls its volumes and snapshots, and where it writes down what they are. */
@NullMarked
package io.blockmover.ceph.rbd.csi;

import org.jspecify.annotations.NullMarked;
