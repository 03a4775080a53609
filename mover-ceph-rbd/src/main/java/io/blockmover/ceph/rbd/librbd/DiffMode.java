package io.blockmover.ceph.rbd.librbd;

/** How librbd finds what differs. */
public enum DiffMode {
  /** By asking the OSDs about each object: to the byte. Object maps are not consulted. */
  EXACT,
  /**
   * By comparing object maps: fast, and as right as they are. Where one is missing or marked
   * invalid, librbd asks the OSDs without a word; the answer is whole objects either way.
   */
  WHOLE_OBJECT
}
