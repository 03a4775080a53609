package io.blockmover.ceph.rbd.librbd;

import java.time.Instant;

/**
 * A snapshot of an image.
 *
 * @param id unique in its pool, and ascending in time
 * @param name unique among the user's snapshots of the image; random for the others
 * @param sizeBytes of the image then
 * @param created by the cluster's clock
 */
public record ImageSnapshot(
    long id, String name, long sizeBytes, SnapshotKind kind, Instant created) {}
