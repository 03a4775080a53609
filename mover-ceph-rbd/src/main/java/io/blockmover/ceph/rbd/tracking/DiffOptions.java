package io.blockmover.ceph.rbd.tracking;

import io.blockmover.ceph.rbd.librbd.DiffMode;
import java.util.Map;

/**
 * How diffs are asked for.
 *
 * @param mode {@link DiffMode#EXACT} unless somebody trusts the cluster's object maps
 * @param parallel parts of an image that are asked at once, each on an image opened for it
 * @param objectsPerSlice objects that one part goes over
 * @param extentsPerSlice extents that are kept of one part; where there are more, the rest is asked
 *     again
 */
record DiffOptions(DiffMode mode, int parallel, int objectsPerSlice, int extentsPerSlice) {

  static final DiffOptions DEFAULT = new DiffOptions(DiffMode.EXACT, 4, 1024, 1 << 16);

  /** Variable that chooses whole objects; anything else than {@code whole-object} is exact. */
  static final String MODE = "MOVER_CEPH_DIFF";

  DiffOptions {
    if (parallel < 1 || objectsPerSlice < 1 || extentsPerSlice < 1) {
      throw new IllegalArgumentException("nothing can be asked with " + parallel);
    }
  }

  static DiffOptions of(Map<String, String> environment) {
    return "whole-object".equals(environment.get(MODE))
        ? DEFAULT.with(DiffMode.WHOLE_OBJECT)
        : DEFAULT;
  }

  DiffOptions with(DiffMode other) {
    return new DiffOptions(other, parallel, objectsPerSlice, extentsPerSlice);
  }

  /** For small images: many parts in spite of it. */
  DiffOptions inSlicesOf(int objects, int extents) {
    return new DiffOptions(mode, parallel, objects, extents);
  }
}
