package io.blockmover.ceph.rbd.librbd;

import io.blockmover.api.Extent;

/**
 * A question to {@link RbdImage#diff}: what differs between a base and the snapshot that is set.
 *
 * @param baseSnapshotId a snapshot of the same image; 0 for the beginning of time, which asks for
 *     all that is allocated, a clone's inheritance included
 * @param range only what lies in it; may reach beyond the end of the image, not begin there
 */
public record DiffQuery(long baseSnapshotId, Extent range, DiffMode mode) {

  /** Base of a question for all that is allocated. */
  public static final long BEGINNING = 0;
}
