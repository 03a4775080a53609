package io.blockmover.ceph.rbd.librbd;

import java.util.EnumSet;
import java.util.Set;

/** What librbd knows to be wrong with the maps of a snapshot or of the head. */
public enum ImageFlag {
  OBJECT_MAP_INVALID(1),
  FAST_DIFF_INVALID(2);

  private final long bit;

  ImageFlag(long bit) {
    this.bit = bit;
  }

  /** The flags of a mask; bits that are unknown here are left out. */
  static Set<ImageFlag> of(long mask) {
    Set<ImageFlag> flags = EnumSet.noneOf(ImageFlag.class);
    for (ImageFlag flag : values()) {
      if ((mask & flag.bit) != 0) {
        flags.add(flag);
      }
    }
    return flags;
  }
}
