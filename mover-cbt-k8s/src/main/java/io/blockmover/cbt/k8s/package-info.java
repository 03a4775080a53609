/**
 * Changed blocks as Kubernetes tells of them: the SnapshotMetadata service of a CSI driver, asked
 * as a client that believes nothing unchecked, and served to others.
 */
@NullMarked
package io.blockmover.cbt.k8s;

import org.jspecify.annotations.NullMarked;
