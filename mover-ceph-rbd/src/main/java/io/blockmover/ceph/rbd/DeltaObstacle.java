package io.blockmover.ceph.rbd;

import java.util.Locale;

/** Why no delta can be had, or not in the way that was wanted. Each is a label of a metric. */
public enum DeltaObstacle {
  /** The target was flattened: it has no snapshot on the volume's image any more. */
  FLATTENED_TARGET,
  /** The base's snapshot is no longer on the image: flattened, deleted, or removed. */
  BASE_GONE,
  /** The base is of another image, pool or cluster. */
  OTHER_VOLUME,
  /** The base was taken after the target. */
  BASE_NEWER,
  /** librbd has no diff by snapshot id, and the base has no name. */
  NO_DIFF_BY_ID,
  /** Object maps are absent or invalid: exact instead of by whole objects. */
  OBJECT_MAP_UNUSABLE,
  /** The image was smaller in between, where object maps lead astray: exact instead. */
  SHRUNK_BETWEEN,
  /** The image was flattened in between, where object maps name everything: exact instead. */
  FLATTENED_BETWEEN,
  /** The volume is a deeper clone than the rule allows. */
  DEEP_CLONE,
  /** A snapshot went away while it was being asked. */
  VANISHED_MEANWHILE,
  /** The image is being migrated. */
  MIGRATING,
  /** The cluster has blocklisted the connection: on a new one it goes on. */
  BLOCKLISTED;

  /** As metrics and documents write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
