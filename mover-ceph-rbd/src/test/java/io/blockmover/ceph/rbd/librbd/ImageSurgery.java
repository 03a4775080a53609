package io.blockmover.ceph.rbd.librbd;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** What users and drivers do to images, and the product never does. */
public final class ImageSurgery {

  private static final SymbolLookup RBD = SymbolLookup.libraryLookup("librbd.so.1", Arena.global());
  private static final int OPTION_FORMAT_OF_CLONE = 12;

  /** {@code int rbd_snap_create(rbd_image_t, const char *)}. */
  private static final NativeFunction CREATE = new NativeFunction(RBD, "rbd_snap_create");

  /** {@code int rbd_snap_remove(rbd_image_t, const char *)}. */
  private static final NativeFunction REMOVE = new NativeFunction(RBD, "rbd_snap_remove");

  /** {@code int rbd_snap_remove_by_id(rbd_image_t, uint64_t)}. */
  private static final NativeFunction REMOVE_BY_ID =
      new NativeFunction(RBD, "rbd_snap_remove_by_id");

  /** {@code int rbd_snap_get_id(rbd_image_t, const char *, uint64_t *)}. */
  private static final NativeFunction ID = new NativeFunction(RBD, "rbd_snap_get_id");

  /** {@code int rbd_flatten(rbd_image_t)}. */
  private static final NativeFunction FLATTEN = new NativeFunction(RBD, "rbd_flatten");

  /** {@code int rbd_clone3(ioctx, parent, snap, ioctx, child, rbd_image_options_t)}. */
  private static final NativeFunction CLONE = new NativeFunction(RBD, "rbd_clone3");

  /** {@code int rbd_trash_move(rados_ioctx_t, const char *, uint64_t delay)}. */
  private static final NativeFunction TRASH = new NativeFunction(RBD, "rbd_trash_move");

  /** {@code int rbd_trash_remove(rados_ioctx_t, const char *id, bool force)}. */
  private static final NativeFunction PURGE = new NativeFunction(RBD, "rbd_trash_remove");

  /** {@code int rbd_group_create(rados_ioctx_t, const char *)}. */
  private static final NativeFunction GROUP = new NativeFunction(RBD, "rbd_group_create");

  /** {@code int rbd_group_image_add(ioctx, group, ioctx, image)}. */
  private static final NativeFunction JOIN = new NativeFunction(RBD, "rbd_group_image_add");

  /** {@code int rbd_group_snap_create(rados_ioctx_t, const char *group, const char *snap)}. */
  private static final NativeFunction GROUP_SNAPSHOT =
      new NativeFunction(RBD, "rbd_group_snap_create");

  /** {@code int rbd_group_snap_remove(rados_ioctx_t, const char *group, const char *snap)}. */
  private static final NativeFunction GROUP_SNAPSHOT_REMOVE =
      new NativeFunction(RBD, "rbd_group_snap_remove");

  /** {@code int rbd_group_remove(rados_ioctx_t, const char *)}. */
  private static final NativeFunction GROUP_REMOVE = new NativeFunction(RBD, "rbd_group_remove");

  private ImageSurgery() {}

  /** Takes a user's snapshot; its id. */
  public static long snapshot(RbdImage image, String name) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      long text = CText.of(arena, name);
      MemorySegment id = arena.allocate(JAVA_LONG);
      image.handle().use(it -> CREATE.require(name, it, text));
      image.handle().use(it -> ID.require(name, it, text, id.address()));
      return CText.word(id, 0);
    }
  }

  /** Removes a user's snapshot; with clones it goes to the trash namespace. */
  public static void removeSnapshot(RbdImage image, String name) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      long text = CText.of(arena, name);
      image.handle().use(it -> REMOVE.require(name, it, text));
    }
  }

  /** Removes a snapshot of any namespace that has no clones. */
  public static void removeSnapshot(RbdImage image, long id) throws CephFailure {
    image.handle().use(it -> REMOVE_BY_ID.require("snapshot " + id, it, id));
  }

  /** Cuts a clone from its parent. */
  public static void flatten(RbdImage image) throws CephFailure {
    image.handle().use(it -> FLATTEN.require(image.name(), it));
  }

  /** Makes a clone, with format 2, with the features of a {@link NewImage}. */
  public static void clone(RbdPool pool, String parent, String snapshot, NewImage child)
      throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      Librbd rbd = new Librbd(RBD);
      MemorySegment out = arena.allocate(JAVA_LONG);
      rbd.createOptions.call(out.address());
      long options = CText.word(out, 0);
      rbd.setNumber.require("clone", options, OPTION_FORMAT_OF_CLONE, 2);
      if (!child.features().isEmpty()) {
        rbd.setNumber.require("clone", options, Librbd.OPTION_FEATURES, child.featureMask());
      }
      long from = CText.of(arena, parent);
      long at = CText.of(arena, snapshot);
      long to = CText.of(arena, child.name());
      pool.handle().use(it -> CLONE.require(child.name(), it, from, at, it, to, options));
      rbd.destroyOptions.call(options);
    }
  }

  /** Moves an image to the trash. */
  public static void trash(RbdPool pool, String image) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      long text = CText.of(arena, image);
      pool.handle().use(it -> TRASH.require(image, it, text, 0));
    }
  }

  /** Removes an image from the trash. */
  public static void purge(RbdPool pool, String id) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      long text = CText.of(arena, id);
      pool.handle().use(it -> PURGE.require(id, it, text, 1));
    }
  }

  /** Makes a group of one image. */
  public static void group(RbdPool pool, String group, String image) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      long name = CText.of(arena, group);
      long text = CText.of(arena, image);
      pool.handle().use(it -> GROUP.require(group, it, name));
      pool.handle().use(it -> JOIN.require(group, it, name, it, text));
    }
  }

  /** Takes a snapshot of a group. */
  public static void groupSnapshot(RbdPool pool, String group, String snapshot) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      long name = CText.of(arena, group);
      long text = CText.of(arena, snapshot);
      pool.handle().use(it -> GROUP_SNAPSHOT.require(group, it, name, text));
    }
  }

  /** Removes a snapshot of a group. */
  public static void removeGroupSnapshot(RbdPool pool, String group, String snapshot)
      throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      long name = CText.of(arena, group);
      long text = CText.of(arena, snapshot);
      pool.handle().use(it -> GROUP_SNAPSHOT_REMOVE.require(group, it, name, text));
    }
  }

  /** Removes a group, not its images. */
  public static void removeGroup(RbdPool pool, String group) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      long name = CText.of(arena, group);
      pool.handle().use(it -> GROUP_REMOVE.require(group, it, name));
    }
  }
}
