package io.blockmover.ceph.rbd.librbd;

/**
 * What a clone was made from.
 *
 * @param snapshotId of the parent's snapshot
 * @param snapshotName random if it is in the trash namespace
 * @param overlapBytes how much of the clone still shows through to it
 */
public record ParentSnapshot(
    LinkedImage image, long snapshotId, String snapshotName, long overlapBytes) {}
