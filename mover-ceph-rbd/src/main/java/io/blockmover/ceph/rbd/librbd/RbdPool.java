package io.blockmover.ceph.rbd.librbd;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pool with one RADOS namespace of it: where images have their names. */
public final class RbdPool implements AutoCloseable {

  private static final int FIRST_IMAGES = 256;

  /** {@code rbd_image_spec_t}: {@code char *id, *name}. */
  private static final long IMAGE_BYTES = 16;

  private final Librados rados;
  private final Librbd rbd;
  private final NativeHandle handle;
  private final long id;
  private final String poolName;
  private final String namespace;

  RbdPool(
      Librados rados, Librbd rbd, NativeHandle handle, long id, String poolName, String namespace) {
    this.rados = rados;
    this.rbd = rbd;
    this.handle = handle;
    this.id = id;
    this.poolName = poolName;
    this.namespace = namespace;
  }

  NativeHandle handle() {
    return handle;
  }

  /** The pool's number, which the cluster never uses again. */
  public long id() {
    return id;
  }

  /** The pool's name, without namespace. */
  public String poolName() {
    return poolName;
  }

  /** The RADOS namespace; empty for the default one. */
  public String namespace() {
    return namespace;
  }

  /** Opens the head of an image for reading. */
  public RbdImage openReadOnly(String image) throws CephFailure {
    return open(rbd.openReadOnly, image, handle.name() + "/" + image, "");
  }

  /** Opens a user's snapshot of an image, by name. */
  public RbdImage openReadOnly(String image, String snapshot) throws CephFailure {
    return open(rbd.openReadOnly, image, handle.name() + "/" + image + "@" + snapshot, snapshot);
  }

  /** Opens the head of an image by its id, for reading; also if the image is in the trash. */
  public RbdImage openReadOnlyById(String imageId) throws CephFailure {
    return open(rbd.openByIdReadOnly, imageId, handle.name() + "/id:" + imageId, "");
  }

  /** Opens a snapshot of any namespace, of an image in the trash or not, for reading. */
  public RbdImage openReadOnlyById(String imageId, long snapshotId) throws CephFailure {
    RbdImage image = openReadOnlyById(imageId);
    try {
      image.setSnapshot(snapshotId);
      return image;
    } catch (CephFailure | RuntimeException e) {
      image.close();
      throw e;
    }
  }

  /** Opens an image for writing. */
  public RbdImage openForWriting(String image) throws CephFailure {
    return open(rbd.open, image, handle.name() + "/" + image, "");
  }

  private RbdImage open(NativeFunction opener, String image, String name, String snapshot)
      throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      long text = CText.of(arena, image);
      long snapshotText = snapshot.isEmpty() ? 0 : CText.of(arena, snapshot);
      NativeHandle opened =
          handle.open(
              name,
              pool -> {
                opener.require(name, pool, text, out.address(), snapshotText);
                return CText.word(out, 0);
              },
              pointer -> rbd.close.call(pointer));
      return new RbdImage(rbd, opened);
    }
  }

  /**
   * Makes an image.
   *
   * @throws CephFailure {@link CephErrno#EXISTS} if there is one of that name
   */
  public void create(NewImage image) throws CephFailure {
    String name = handle.name() + "/" + image.name();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      long text = CText.of(arena, image.name());
      rbd.createOptions.call(out.address());
      long options = CText.word(out, 0);
      try {
        if (!image.features().isEmpty()) {
          rbd.setNumber.require(name, options, Librbd.OPTION_FEATURES, image.featureMask());
        }
        if (image.objectBytes() != 0) {
          int order = Long.numberOfTrailingZeros(image.objectBytes());
          rbd.setNumber.require(name, options, Librbd.OPTION_ORDER, order);
        }
        if (!image.dataPool().isEmpty()) {
          long pool = CText.of(arena, image.dataPool());
          rbd.setText.require(name, options, Librbd.OPTION_DATA_POOL, pool);
        }
        handle.use(pool -> rbd.create.require(name, pool, text, image.sizeBytes(), options));
      } finally {
        rbd.destroyOptions.call(options);
      }
    }
  }

  /**
   * Removes an image and its data.
   *
   * @throws CephFailure {@link CephErrno#NOT_EMPTY} if it has snapshots, {@link CephErrno#BUSY} if
   *     somebody has it open for writing
   */
  public void remove(String image) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      long text = CText.of(arena, image);
      handle.use(pool -> rbd.remove.require(handle.name() + "/" + image, pool, text));
    }
  }

  /** The images, without those in the trash. As many as there are: meant for people. */
  public List<ImageName> images() throws CephFailure {
    long room = FIRST_IMAGES;
    while (true) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment images = arena.allocate(room * IMAGE_BYTES, Long.BYTES);
        MemorySegment max = arena.allocateFrom(JAVA_LONG, room);
        int count = handle.use(pool -> rbd.list.callInt(pool, images.address(), max.address()));
        if (-count == CephErrno.BUFFER_TOO_SMALL.number()) {
          room = Math.max(room * 2, CText.word(max, 0));
          continue;
        }
        if (count < 0) {
          throw rbd.list.failure("pool " + handle.name(), count);
        }
        long found = CText.word(max, 0);
        List<ImageName> names = new ArrayList<>();
        for (long i = 0; i < found; i++) {
          names.add(
              new ImageName(
                  CText.at(CText.word(images, i * IMAGE_BYTES)),
                  CText.at(CText.word(images, i * IMAGE_BYTES + 8))));
        }
        rbd.freeList.call(images.address(), found);
        return names;
      }
    }
  }

  /** The name that an image in the trash had; empty if it is not there. */
  public Optional<String> trashed(String imageId) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      // rbd_trash_image_info_t: char *id, *name; int source; time_t deleted, deferred
      MemorySegment trashed = arena.allocate(40, Long.BYTES);
      long text = CText.of(arena, imageId);
      int result = handle.use(pool -> rbd.trash.callInt(pool, text, trashed.address()));
      if (-result == CephErrno.GONE.number()) {
        return Optional.empty();
      }
      if (result < 0) {
        throw rbd.trash.failure(handle.name() + "/id:" + imageId, result);
      }
      String name = CText.at(CText.word(trashed, 8));
      rbd.freeTrash.call(trashed.address());
      return Optional.of(name);
    }
  }

  /**
   * Values of an object's map.
   *
   * @return those of the keys that there are
   * @throws CephFailure {@link CephErrno#GONE} if there is no such object
   */
  public Map<String, byte[]> omap(String object, List<String> keys) throws CephFailure {
    return handle.use(
        pool -> OmapRead.of(rados, pool, handle.name() + " object " + object, object, keys));
  }

  /** Closes its images, then the pool. */
  @Override
  public void close() {
    handle.close();
  }
}
