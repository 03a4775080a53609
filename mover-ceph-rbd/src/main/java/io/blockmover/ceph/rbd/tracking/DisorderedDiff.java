package io.blockmover.ceph.rbd.tracking;

/** librbd told of extents out of order, as versions before 16.2.8 do by whole objects. */
final class DisorderedDiff extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DisorderedDiff(long offset, long told) {
    super("librbd told of offset " + offset + " after " + told + ": its version is too old");
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
