/** RBD images as volumes: what {@code rbd:pool/image@snapshot} names, read and written. */
@NullMarked
package io.blockmover.ceph.rbd.volume;

import org.jspecify.annotations.NullMarked;
