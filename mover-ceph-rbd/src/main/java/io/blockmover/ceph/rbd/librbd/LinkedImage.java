package io.blockmover.ceph.rbd.librbd;

/**
 * An image at the other end of a clone's link.
 *
 * @param namespace the RADOS namespace; empty for the default one
 * @param inTrash whether it can only be opened by its id
 */
public record LinkedImage(
    long poolId,
    String pool,
    String namespace,
    String imageId,
    String imageName,
    boolean inTrash) {}
