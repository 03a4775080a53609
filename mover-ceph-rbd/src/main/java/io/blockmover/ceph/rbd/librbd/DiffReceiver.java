package io.blockmover.ceph.rbd.librbd;

/** Takes the extents of a diff, ascending, on the thread that asked for it. */
public interface DiffReceiver {

  /**
   * Takes one. What it throws ends the diff and comes out of {@link RbdImage#diff}. The image must
   * not be closed from here.
   *
   * @param length greater than zero
   * @param exists whether the target has data there, which may be zeros; if not, it reads as zeros
   * @return whether to go on
   */
  boolean extent(long offset, long length, boolean exists);
}
