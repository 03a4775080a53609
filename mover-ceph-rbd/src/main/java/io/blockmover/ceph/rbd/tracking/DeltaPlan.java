package io.blockmover.ceph.rbd.tracking;

import io.blockmover.api.MoverException;
import io.blockmover.ceph.rbd.DeltaObstacle;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.LocatedSnapshot;
import io.blockmover.ceph.rbd.LocatedSnapshot.Lineage;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.ImageFeature;
import io.blockmover.ceph.rbd.librbd.ImageSnapshot;
import io.blockmover.ceph.rbd.librbd.SnapshotKind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a delta can be asked for, from which base and over which image: every obstacle is looked
 * for before librbd is asked, which would take some of them for no change at all.
 *
 * @param identity of the target, on the volume's own image
 * @param base on the same image
 * @param wasFlattened whether the image was a clone at the base and is none now
 */
record DeltaPlan(
    ImageIdentity identity,
    ImageSnapshot base,
    ImageSnapshot target,
    ImageHistory history,
    boolean wasFlattened) {

  /** The way to a plan. */
  record Search(CephLibrary library, ClusterConnection connection, LocatedSnapshot located) {

    /**
     * Looks at both ends.
     *
     * @throws MoverException if there is no delta, with the reason
     */
    DeltaPlan since(RbdChangeId base, DiffMeters meters) throws CephFailure, MoverException {
      return switch (located.lineage()) {
        case Lineage.Lost(DeltaObstacle reason, String sentence) -> {
          meters.fellBack(reason);
          throw Obstructed.by(reason, sentence);
        }
        case Lineage.Known(ImageIdentity target) -> {
          Optional<Obstacle> mismatch = mismatch(base.snapshot(), target);
          if (mismatch.isPresent()) {
            throw mismatch.get().counted(meters);
          }
          yield plan(base, target, meters);
        }
      };
    }

    private DeltaPlan plan(RbdChangeId base, ImageIdentity target, DiffMeters meters)
        throws CephFailure, MoverException {
      Optional<ImageHistory> history = ImageHistory.read(connection, target);
      Optional<ImageSnapshot> older =
          history.flatMap(it -> it.snapshot(base.snapshot().snapshotId()));
      Optional<ImageSnapshot> newer = history.flatMap(it -> it.snapshot(target.snapshotId()));
      @Nullable Obstacle obstacle = null;
      if (newer.isEmpty()) {
        obstacle =
            new Obstacle(
                DeltaObstacle.VANISHED_MEANWHILE,
                "snapshot " + target + " went away since it was found");
      } else if (history.get().features().contains(ImageFeature.MIGRATING)) {
        obstacle =
            new Obstacle(
                DeltaObstacle.MIGRATING, "image " + target.volume() + " is being migrated");
      } else if (older.isEmpty()) {
        obstacle =
            new Obstacle(
                DeltaObstacle.BASE_GONE,
                "snapshot %d, which the last backup is of, is no longer on image %s: it was removed, or its clone was flattened or deleted"
                    .formatted(base.snapshot().snapshotId(), target.volume()));
      } else if (older.get().sizeBytes() != base.sizeBytes()) {
        obstacle =
            new Obstacle(
                DeltaObstacle.OTHER_VOLUME,
                "snapshot %s has %d bytes, and the last backup's had %d"
                    .formatted(base.snapshot(), older.get().sizeBytes(), base.sizeBytes()));
      } else if (library.whyNoDiffById().isPresent()
          && !(older.get().kind() instanceof SnapshotKind.User)) {
        obstacle = new Obstacle(DeltaObstacle.NO_DIFF_BY_ID, library.whyNoDiffById().get());
      }
      if (obstacle != null) {
        throw obstacle.counted(meters);
      }
      return new DeltaPlan(
          target,
          older.orElseThrow(),
          newer.orElseThrow(),
          history.orElseThrow(),
          base.isClone() && !history.orElseThrow().isClone());
    }
  }

  private record Obstacle(DeltaObstacle reason, String sentence) {

    MoverException counted(DiffMeters meters) {
      meters.fellBack(reason);
      return Obstructed.by(reason, sentence);
    }
  }

  private static Optional<Obstacle> mismatch(ImageIdentity base, ImageIdentity target) {
    if (!base.isOfSameImage(target)) {
      return Optional.of(
          new Obstacle(
              DeltaObstacle.OTHER_VOLUME,
              "the last backup was of image %s, this snapshot is of %s"
                  .formatted(base.volume(), target.volume())));
    }
    // Ids ascend in time. Librbd's answer to the other order is an error, or nothing.
    return base.snapshotId() > target.snapshotId()
        ? Optional.of(
            new Obstacle(
                DeltaObstacle.BASE_NEWER,
                "snapshot %d, which the last backup is of, is newer than %d"
                    .formatted(base.snapshotId(), target.snapshotId())))
        : Optional.empty();
  }

  /** How much both ends have. */
  long commonBytes() {
    return Math.min(base.sizeBytes(), target.sizeBytes());
  }

  /** How long before the target the base was taken; never below zero, whatever the clocks say. */
  Duration baseAge() {
    Duration age = Duration.between(base.created(), target.created());
    return age.isNegative() ? Duration.ZERO : age;
  }
}
