package io.blockmover.ceph.rbd.librbd;

/**
 * Somebody who has an image open for writing.
 *
 * @param address of the client, with port and number
 */
public record ImageWatcher(String address) {}
