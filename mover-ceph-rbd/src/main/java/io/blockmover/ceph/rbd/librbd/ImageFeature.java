package io.blockmover.ceph.rbd.librbd;

import java.util.EnumSet;
import java.util.Set;

/** What an image was made with. */
public enum ImageFeature {
  LAYERING(1),
  STRIPING(2),
  EXCLUSIVE_LOCK(4),
  OBJECT_MAP(8),
  FAST_DIFF(16),
  DEEP_FLATTEN(32),
  JOURNALING(64),
  DATA_POOL(128),
  OPERATIONS(256),
  MIGRATING(512),
  NON_PRIMARY(1024),
  DIRTY_CACHE(2048);

  private final long bit;

  ImageFeature(long bit) {
    this.bit = bit;
  }

  /** The features of a mask; bits that are unknown here are left out. */
  static Set<ImageFeature> of(long mask) {
    Set<ImageFeature> features = EnumSet.noneOf(ImageFeature.class);
    for (ImageFeature feature : values()) {
      if ((mask & feature.bit) != 0) {
        features.add(feature);
      }
    }
    return features;
  }

  /** librbd's bit. */
  long bit() {
    return bit;
  }
}
