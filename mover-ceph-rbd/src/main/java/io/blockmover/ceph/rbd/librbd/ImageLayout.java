package io.blockmover.ceph.rbd.librbd;

/**
 * How an image, at the snapshot that is set, is cut into objects.
 *
 * @param sizeBytes of the image
 * @param objectBytes of one object, a power of two
 * @param stripeUnitBytes consecutive bytes in one object; equals {@code objectBytes} without
 *     striping
 * @param stripeCount objects that a stripe goes over; 1 without striping
 */
public record ImageLayout(
    long sizeBytes, long objectBytes, long stripeUnitBytes, long stripeCount) {}
