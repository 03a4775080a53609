package io.blockmover.ceph.rbd.csi;

import io.blockmover.ceph.rbd.librbd.ClusterSettings;

/**
 * The cluster that a handle's cluster id means.
 *
 * @param settings to connect by
 * @param namespace the RADOS namespace of that cluster id; empty for the default one
 * @param poolId the pool that the handle's means there: another number after a disaster recovery
 */
public record CsiCluster(ClusterSettings settings, String namespace, long poolId) {}
