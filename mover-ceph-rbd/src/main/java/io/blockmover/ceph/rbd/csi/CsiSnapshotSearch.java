package io.blockmover.ceph.rbd.csi;

import io.blockmover.api.TrackingUnavailable;
import io.blockmover.ceph.rbd.DeltaObstacle;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.LocatedSnapshot;
import io.blockmover.ceph.rbd.LocatedSnapshot.Lineage;
import io.blockmover.ceph.rbd.librbd.CephErrno;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.ImageSnapshot;
import io.blockmover.ceph.rbd.librbd.LinkedImage;
import io.blockmover.ceph.rbd.librbd.ParentSnapshot;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import io.blockmover.ceph.rbd.librbd.SnapshotKind;
import java.util.Optional;

/**
 * Follows ceph-csi's ways: handle → journal → the image that holds the snapshot (a clone, with a
 * snapshot of its own) → the snapshot on the volume's image which that is a clone of, and which is
 * in the trash namespace by then, or a group's.
 */
final class CsiSnapshotSearch {

  private final ClusterConnection connection;
  private final CsiCluster cluster;
  private final CsiHandle handle;

  CsiSnapshotSearch(ClusterConnection connection, CsiCluster cluster, CsiHandle handle) {
    this.connection = connection;
    this.cluster = cluster;
    this.handle = handle;
  }

  /** Empty if the journal does not have it. */
  Optional<LocatedSnapshot> find() throws CephFailure, TrackingUnavailable {
    try (RbdPool pool = connection.pool(cluster.poolId(), cluster.namespace())) {
      Optional<JournalledSnapshot> written = CsiJournal.snapshot(pool, handle.uuid());
      if (written.isEmpty()) {
        return Optional.empty();
      }
      JournalledSnapshot entry = written.get();
      try (RbdImage image = open(pool, entry)) {
        ImageIdentity data =
            new ImageIdentity(
                connection.fsid(), pool.id(), pool.namespace(), image.id(), own(image, entry));
        return Optional.of(new LocatedSnapshot(data, lineage(image, entry)));
      }
    }
  }

  private static RbdImage open(RbdPool pool, JournalledSnapshot entry) throws CephFailure {
    if (!entry.imageId().isEmpty()) {
      try {
        return pool.openReadOnlyById(entry.imageId());
      } catch (CephFailure e) {
        if (e.errno() != CephErrno.GONE) {
          throw e;
        }
      }
    }
    // Images that mirroring or a restore of the pool made have other ids.
    return pool.openReadOnly(entry.imageName());
  }

  private static long own(RbdImage image, JournalledSnapshot entry)
      throws CephFailure, TrackingUnavailable {
    for (ImageSnapshot snapshot : image.snapshots()) {
      if (snapshot.kind() instanceof SnapshotKind.User
          && snapshot.name().equals(entry.imageName())) {
        return snapshot.id();
      }
    }
    throw new TrackingUnavailable(
        "image " + image.name() + " has no snapshot " + entry.imageName() + " of its own",
        "ceph-csi has not finished it, or is removing it: look at the VolumeSnapshot's status");
  }

  private Lineage lineage(RbdImage image, JournalledSnapshot entry) throws CephFailure {
    Optional<ParentSnapshot> parent = image.parent();
    if (parent.isEmpty()) {
      return new Lineage.Lost(
          DeltaObstacle.FLATTENED_TARGET,
          "image " + entry.imageName() + " was flattened: it shares nothing with its volume now");
    }
    LinkedImage source = parent.get().image();
    long snapshotId = parent.get().snapshotId();
    Optional<ImageSnapshot> found = snapshot(source, snapshotId);
    if (found.isPresent() && isOf(found.get(), entry)) {
      return new Lineage.Known(
          new ImageIdentity(
              connection.fsid(),
              source.poolId(),
              source.namespace(),
              source.imageId(),
              snapshotId));
    }
    return new Lineage.Lost(
        DeltaObstacle.FLATTENED_TARGET,
        "image %s was a clone of snapshot %d of %s, which %s"
            .formatted(
                entry.imageName(),
                snapshotId,
                source.imageName(),
                found.isEmpty() ? "is gone" : "is another one: " + found.get()));
  }

  private Optional<ImageSnapshot> snapshot(LinkedImage image, long id) throws CephFailure {
    try (RbdPool pool = connection.pool(image.poolId(), image.namespace());
        RbdImage origin = pool.openReadOnlyById(image.imageId())) {
      return origin.snapshots().stream().filter(it -> it.id() == id).findFirst();
    } catch (CephFailure e) {
      if (e.errno() == CephErrno.GONE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Whether a snapshot of the volume's image is the one that the entry was made from. */
  private static boolean isOf(ImageSnapshot snapshot, JournalledSnapshot entry) {
    return switch (snapshot.kind()) {
      case SnapshotKind.Trash(String original) -> original.equals(entry.imageName());
      case SnapshotKind.Group _ -> true;
      // Where ceph-csi could not remove it, which is one of its five steps.
      case SnapshotKind.User _ -> snapshot.name().equals(entry.imageName());
      case SnapshotKind.Mirror _, SnapshotKind.Other _ -> false;
    };
  }
}
