/**
 * What a Kubernetes cluster says of ceph-csi: which cluster a handle's cluster id means, and who
 * may ask it. Names are those of ODF, of Rook, and of plain ceph-csi.
 */
@NullMarked
package io.blockmover.ceph.rbd.kubernetes;

import org.jspecify.annotations.NullMarked;
