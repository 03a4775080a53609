package io.blockmover.ceph.rbd.csi;

/**
 * What ceph-csi wrote down of a snapshot.
 *
 * @param requestName what the CSI sidecar called it: {@code snapshot-<uid>}
 * @param imageName of the image that holds it
 * @param imageId of that image; empty if it is not written down
 * @param sourceImage name of the image it is a snapshot of, then
 * @param groupId of its group; empty if it is in none
 * @param encryption how the volume is encrypted, such as {@code block}; empty if it is not
 */
public record JournalledSnapshot(
    String requestName,
    String imageName,
    String imageId,
    String sourceImage,
    String groupId,
    String encryption) {}
