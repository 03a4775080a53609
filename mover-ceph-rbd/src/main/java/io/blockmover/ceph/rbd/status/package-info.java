/** What images look like to whoever backs them up, and what will go wrong with them next. */
@NullMarked
package io.blockmover.ceph.rbd.status;

import org.jspecify.annotations.NullMarked;
