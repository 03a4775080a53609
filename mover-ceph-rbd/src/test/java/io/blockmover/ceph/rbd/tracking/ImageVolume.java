package io.blockmover.ceph.rbd.tracking;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.TestCluster;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.ImageFeature;
import io.blockmover.ceph.rbd.librbd.ImageSnapshot;
import io.blockmover.ceph.rbd.librbd.ImageSurgery;
import io.blockmover.ceph.rbd.librbd.NewImage;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import io.blockmover.ceph.rbd.librbd.SnapshotKind;
import io.blockmover.testkit.TrackedVolume;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** An image of a real cluster, with the snapshots that a user, or ceph-csi, takes of it. */
final class ImageVolume implements TrackedVolume {

  static final String POOL = "rbd";
  static final Set<ImageFeature> ODF =
      EnumSet.of(
          ImageFeature.LAYERING,
          ImageFeature.DEEP_FLATTEN,
          ImageFeature.EXCLUSIVE_LOCK,
          ImageFeature.OBJECT_MAP,
          ImageFeature.FAST_DIFF);
  private static final Set<ImageFeature> CSI_SNAPSHOT =
      EnumSet.of(ImageFeature.LAYERING, ImageFeature.DEEP_FLATTEN);

  private final ClusterConnection cluster;
  private final RbdPool pool;
  private final boolean likeCsi;
  private final Deque<String> images = new ArrayDeque<>();
  private RbdImage image;
  private int snapshots;

  /**
   * @param likeCsi snapshots are held by clones of their own, and in the trash namespace
   */
  ImageVolume(long sizeBytes, long objectBytes, boolean likeCsi) throws CephFailure {
    this.likeCsi = likeCsi;
    this.cluster = TestCluster.connect();
    this.pool = cluster.pool(POOL, "");
    images.push("volume-" + UUID.randomUUID());
    pool.create(new NewImage(images.peek(), sizeBytes, ODF, objectBytes, ""));
    this.image = pool.openForWriting(images.peek());
  }

  RbdImage image() {
    return image;
  }

  RbdPool pool() {
    return pool;
  }

  ClusterConnection cluster() {
    return cluster;
  }

  /** The image's name. */
  String name() {
    return images.getFirst();
  }

  @Override
  public void write(long offset, byte[] bytes) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(bytes.length);
      memory.copyFrom(MemorySegment.ofArray(bytes));
      image.write(offset, memory);
    }
  }

  @Override
  public void discard(Extent extent) throws CephFailure {
    image.discard(extent.offset(), extent.length());
  }

  @Override
  public void grow(long newSizeBytes) throws CephFailure {
    image.resize(newSizeBytes);
  }

  @Override
  public SnapshotReference snapshot() throws CephFailure {
    return reference(likeCsi ? takeLikeCsi() : take());
  }

  /** Takes a user's snapshot; its id. */
  long take() throws CephFailure {
    return ImageSurgery.snapshot(image, "s" + snapshots++);
  }

  /** Takes a snapshot as ceph-csi does; the id of what is in the trash namespace then. */
  long takeLikeCsi() throws CephFailure {
    String clone = holder(snapshots);
    long id = take();
    String name = "s" + (snapshots - 1);
    ImageSurgery.clone(pool, name(), name, new NewImage(clone, 0, CSI_SNAPSHOT, 0, ""));
    ImageSurgery.removeSnapshot(image, name);
    try (RbdImage held = pool.openForWriting(clone)) {
      ImageSurgery.snapshot(held, clone);
    }
    return id;
  }

  /** The clone that holds a snapshot. */
  String holder(int number) {
    return name() + "-snap-" + number;
  }

  /** Goes on with a clone of the newest user's snapshot, as a restored volume does. */
  void continueOnClone() throws CephFailure {
    take();
    String child = images.getLast() + "-" + images.size();
    ImageSurgery.clone(pool, name(), "s" + (snapshots - 1), new NewImage(child, 0, ODF, 0, ""));
    image.close();
    images.push(child);
    image = pool.openForWriting(child);
  }

  /** A step while the image is not open. */
  interface Step {
    void run() throws Exception;
  }

  /** Closes the image, does something to it, and opens it again. */
  void reopenAfter(Step... steps) throws Exception {
    image.close();
    for (Step step : steps) {
      step.run();
    }
    image = pool.openForWriting(name());
  }

  SnapshotReference reference(long snapshotId) throws CephFailure {
    ImageIdentity identity = identity(snapshotId);
    ImageSnapshot found =
        image.snapshots().stream().filter(it -> it.id() == snapshotId).findFirst().orElseThrow();
    return new SnapshotReference(
        ImageIdentity.DRIVER,
        identity.toString(),
        identity.volume(),
        found.sizeBytes(),
        Map.of(SnapshotReference.CREATED, found.created().toString()));
  }

  ImageIdentity identity(long snapshotId) throws CephFailure {
    return new ImageIdentity(cluster.fsid(), pool.id(), "", image.id(), snapshotId);
  }

  @Override
  public void delete(SnapshotReference snapshot) throws CephFailure {
    delete(ImageIdentity.parse(snapshot.handle()).orElseThrow().snapshotId());
  }

  /** Deletes it, or, like ceph-csi, the clone that holds it, with which it goes. */
  void delete(long id) throws CephFailure {
    ImageSnapshot found =
        image.snapshots().stream().filter(it -> it.id() == id).findFirst().orElseThrow();
    if (found.kind() instanceof SnapshotKind.Trash(String original)) {
      removeImage(holder(Integer.parseInt(original.substring(1))));
    } else {
      ImageSurgery.removeSnapshot(image, found.name());
    }
  }

  private void removeImage(String name) throws CephFailure {
    try (RbdImage doomed = pool.openForWriting(name)) {
      removeSnapshots(doomed, name);
    }
    pool.remove(name);
  }

  private void removeSnapshots(RbdImage of, String name) throws CephFailure {
    for (ImageSnapshot snapshot : of.snapshots()) {
      switch (snapshot.kind()) {
        case SnapshotKind.User() -> ImageSurgery.removeSnapshot(of, snapshot.name());
        case SnapshotKind.Trash(String original) -> {
          try {
            removeImage(name + "-snap-" + original.substring(1));
          } catch (CephFailure e) {
            ImageSurgery.removeSnapshot(of, snapshot.id());
          }
        }
        default -> throw new AssertionError("a test left " + snapshot);
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      image.close();
      for (String name : List.copyOf(images)) {
        removeImage(name);
      }
    } catch (CephFailure e) {
      throw new IOException(e);
    } finally {
      cluster.close();
    }
  }
}
