package io.blockmover.ceph.rbd.tracking;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.ceph.rbd.DeltaObstacle;

/** Each obstacle as what the caller does about it: the one table. */
final class Obstructed {

  private Obstructed() {}

  /** The exception for an obstacle that leaves no delta. */
  static MoverException by(DeltaObstacle obstacle, String sentence) {
    return switch (obstacle) {
      case BASE_GONE, OTHER_VOLUME, BASE_NEWER -> new BaseSnapshotMissing(sentence, "");
      case FLATTENED_TARGET ->
          new TrackingUnavailable(
              sentence, "the next snapshot can be asked again, if it is not flattened as well");
      case NO_DIFF_BY_ID ->
          new TrackingUnavailable(
              sentence, "install librbd of Ceph 18.2.5, 19.2.3, 20 or later beside the mover");
      case VANISHED_MEANWHILE ->
          new TrackingUnavailable(sentence, "keep VolumeSnapshots until their backup has ended");
      case MIGRATING ->
          new TrackingUnavailable(
              sentence, "run again after `rbd migration commit` or `rbd migration abort`");
      case DEEP_CLONE ->
          new TrackingUnavailable(
              sentence,
              "restore it into a fresh volume, which is no clone, or raise the rule's"
                  + " deepestClone");
      case OBJECT_MAP_UNUSABLE, SHRUNK_BETWEEN, FLATTENED_BETWEEN, BLOCKLISTED ->
          new TrackingUnavailable(sentence, "");
    };
  }
}
