package io.blockmover.ceph.rbd.librbd;

/** An image of a pool. */
public record ImageName(String id, String name) {}
