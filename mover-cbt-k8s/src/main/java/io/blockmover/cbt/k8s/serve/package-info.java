/** The server side of the SnapshotMetadata service, on any tracker. */
@NullMarked
package io.blockmover.cbt.k8s.serve;

import org.jspecify.annotations.NullMarked;
