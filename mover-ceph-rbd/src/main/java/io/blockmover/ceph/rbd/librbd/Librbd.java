package io.blockmover.ceph.rbd.librbd;

import java.lang.foreign.SymbolLookup;
import org.jspecify.annotations.Nullable;

/** The functions of librbd.so.1 that are used. Each returns {@code -errno} for an error. */
final class Librbd {

  /** Flag of a diff from the beginning: what a clone inherits counts as well. */
  static final int DIFF_INCLUDE_PARENT = 1;

  /** Flag of a diff: whole objects, from the object maps where there are any. */
  static final int DIFF_WHOLE_OBJECT = 2;

  /** {@code LIBRADOS_OP_FLAG_FADVISE_SEQUENTIAL | LIBRADOS_OP_FLAG_FADVISE_NOCACHE}. */
  static final int SEQUENTIAL_NO_CACHE = 0x8 | 0x40;

  static final int OPTION_FEATURES = 1;
  static final int OPTION_ORDER = 2;
  static final int OPTION_DATA_POOL = 10;

  /** {@code void rbd_version(int *major, int *minor, int *extra)}. */
  final NativeFunction version;

  /** {@code int rbd_open(rados_ioctx_t, const char *name, rbd_image_t *, const char *snap)}. */
  final NativeFunction open;

  /** {@code int rbd_open_read_only(rados_ioctx_t, const char *, rbd_image_t *, const char *)}. */
  final NativeFunction openReadOnly;

  /**
   * {@code int rbd_open_by_id_read_only(rados_ioctx_t, const char *id, rbd_image_t *, const char
   * *)}; finds images in the trash, too.
   */
  final NativeFunction openByIdReadOnly;

  /** {@code int rbd_close(rbd_image_t)}: waits for transfers. */
  final NativeFunction close;

  /** {@code int rbd_create4(rados_ioctx_t, const char *, uint64_t size, rbd_image_options_t)}. */
  final NativeFunction create;

  /** {@code int rbd_remove(rados_ioctx_t, const char *)}. */
  final NativeFunction remove;

  /** {@code void rbd_image_options_create(rbd_image_options_t *)}. */
  final NativeFunction createOptions;

  /** {@code void rbd_image_options_destroy(rbd_image_options_t)}. */
  final NativeFunction destroyOptions;

  /** {@code int rbd_image_options_set_uint64(rbd_image_options_t, int name, uint64_t)}. */
  final NativeFunction setNumber;

  /** {@code int rbd_image_options_set_string(rbd_image_options_t, int name, const char *)}. */
  final NativeFunction setText;

  /** {@code int rbd_list2(rados_ioctx_t, rbd_image_spec_t *, size_t *max)}: the count. */
  final NativeFunction list;

  /** {@code void rbd_image_spec_list_cleanup(rbd_image_spec_t *, size_t)}. */
  final NativeFunction freeList;

  /** {@code int rbd_trash_get(rados_ioctx_t, const char *id, rbd_trash_image_info_t *)}. */
  final NativeFunction trash;

  /** {@code void rbd_trash_get_cleanup(rbd_trash_image_info_t *)}. */
  final NativeFunction freeTrash;

  /** {@code int rbd_stat(rbd_image_t, rbd_image_info_t *, size_t)}. */
  final NativeFunction stat;

  /** {@code int rbd_get_size(rbd_image_t, uint64_t *)}: of the snapshot that is set. */
  final NativeFunction size;

  /** {@code int rbd_get_features(rbd_image_t, uint64_t *)}. */
  final NativeFunction features;

  /** {@code int rbd_get_flags(rbd_image_t, uint64_t *)}: of the snapshot that is set. */
  final NativeFunction flags;

  /** {@code int rbd_get_stripe_unit(rbd_image_t, uint64_t *)}. */
  final NativeFunction stripeUnit;

  /** {@code int rbd_get_stripe_count(rbd_image_t, uint64_t *)}. */
  final NativeFunction stripeCount;

  /** {@code int rbd_get_overlap(rbd_image_t, uint64_t *)}. */
  final NativeFunction overlap;

  /** {@code int rbd_get_id(rbd_image_t, char *, size_t)}. */
  final NativeFunction id;

  /** {@code int64_t rbd_get_data_pool_id(rbd_image_t)}. */
  final NativeFunction dataPool;

  /** {@code int rbd_get_group(rbd_image_t, rbd_group_info_t *, size_t)}. */
  final NativeFunction group;

  /** {@code int rbd_group_info_cleanup(rbd_group_info_t *, size_t)}. */
  final NativeFunction freeGroup;

  /** {@code int rbd_get_parent(rbd_image_t, rbd_linked_image_spec_t *, rbd_snap_spec_t *)}. */
  final NativeFunction parent;

  /** {@code void rbd_linked_image_spec_cleanup(rbd_linked_image_spec_t *)}. */
  final NativeFunction freeLink;

  /** {@code void rbd_snap_spec_cleanup(rbd_snap_spec_t *)}. */
  final NativeFunction freeSnapshotSpec;

  /** {@code int rbd_list_children3(rbd_image_t, rbd_linked_image_spec_t *, size_t *)}. */
  final NativeFunction children;

  /** {@code void rbd_linked_image_spec_list_cleanup(rbd_linked_image_spec_t *, size_t)}. */
  final NativeFunction freeLinks;

  /** {@code int rbd_metadata_get(rbd_image_t, const char *key, char *, size_t *)}. */
  final NativeFunction metadata;

  /** {@code int rbd_snap_list(rbd_image_t, rbd_snap_info_t *, int *max)}: the count. */
  final NativeFunction snapshots;

  /** {@code void rbd_snap_list_end(rbd_snap_info_t *)}. */
  final NativeFunction freeSnapshots;

  /** {@code int rbd_snap_set_by_id(rbd_image_t, uint64_t)}. */
  final NativeFunction setSnapshot;

  /** {@code int rbd_snap_get_timestamp(rbd_image_t, uint64_t, struct timespec *)}. */
  final NativeFunction snapshotTime;

  /** {@code int rbd_snap_get_namespace_type(rbd_image_t, uint64_t, int *)}. */
  final NativeFunction snapshotKind;

  /** {@code int rbd_snap_get_trash_namespace(rbd_image_t, uint64_t, char *name, size_t)}. */
  final NativeFunction trashedSnapshot;

  /**
   * {@code int rbd_snap_get_group_namespace(rbd_image_t, uint64_t, rbd_snap_group_namespace_t *,
   * size_t)}.
   */
  final NativeFunction groupSnapshot;

  /** {@code int rbd_snap_group_namespace_cleanup(rbd_snap_group_namespace_t *, size_t)}. */
  final NativeFunction freeGroupSnapshot;

  /**
   * {@code int rbd_diff_iterate2(rbd_image_t, const char *from, uint64_t offset, uint64_t length,
   * uint8_t include_parent, uint8_t whole_object, int (*)(uint64_t, size_t, int, void *), void *)}.
   */
  final NativeFunction diffByName;

  /**
   * {@code int rbd_diff_iterate3(rbd_image_t, uint64_t from, uint64_t offset, uint64_t length,
   * uint32_t flags, int (*)(uint64_t, size_t, int, void *), void *)}; null before Ceph 18.2.5.
   */
  final @Nullable NativeFunction diffById;

  /** {@code ssize_t rbd_read2(rbd_image_t, uint64_t, size_t, char *, int flags)}. */
  final NativeFunction read;

  /** {@code ssize_t rbd_write2(rbd_image_t, uint64_t, size_t, const char *, int flags)}. */
  final NativeFunction write;

  /** {@code int rbd_discard(rbd_image_t, uint64_t, uint64_t)}: may leave what is too small. */
  final NativeFunction discard;

  /** {@code ssize_t rbd_write_zeroes(rbd_image_t, uint64_t, size_t, int 0, int flags)}. */
  final NativeFunction writeZeroes;

  /** {@code int rbd_resize(rbd_image_t, uint64_t)}. */
  final NativeFunction resize;

  /** {@code int rbd_flush(rbd_image_t)}. */
  final NativeFunction flush;

  /** {@code int rbd_watchers_list(rbd_image_t, rbd_image_watcher_t *, size_t *max)}. */
  final NativeFunction watchers;

  /** {@code void rbd_watchers_list_cleanup(rbd_image_watcher_t *, size_t)}. */
  final NativeFunction freeWatchers;

  /** {@code int rbd_lock_acquire(rbd_image_t, rbd_lock_mode_t)}. */
  final NativeFunction acquireLock;

  /** {@code int rbd_aio_create_completion(void *, NULL, rbd_completion_t *)}. */
  final NativeFunction createCompletion;

  /** {@code int rbd_aio_wait_for_complete(rbd_completion_t)}. */
  final NativeFunction awaitCompletion;

  /** {@code int rbd_aio_is_complete(rbd_completion_t)}. */
  final NativeFunction isComplete;

  /** {@code ssize_t rbd_aio_get_return_value(rbd_completion_t)}. */
  final NativeFunction completionResult;

  /** {@code void rbd_aio_release(rbd_completion_t)}. */
  final NativeFunction releaseCompletion;

  /** {@code int rbd_aio_read2(rbd_image_t, uint64_t, size_t, char *, rbd_completion_t, int)}. */
  final NativeFunction startRead;

  /** {@code int rbd_aio_write2(rbd_image_t, uint64_t, size_t, char *, rbd_completion_t, int)}. */
  final NativeFunction startWrite;

  /** {@code int rbd_aio_discard(rbd_image_t, uint64_t, uint64_t, rbd_completion_t)}. */
  final NativeFunction startDiscard;

  /**
   * {@code int rbd_aio_write_zeroes(rbd_image_t, uint64_t, size_t, rbd_completion_t, int 0, int)}.
   */
  final NativeFunction startWriteZeroes;

  /**
   * @throws java.util.NoSuchElementException if the library lacks one that all versions since 16
   *     have
   */
  Librbd(SymbolLookup library) {
    version = new NativeFunction(library, "rbd_version");
    open = new NativeFunction(library, "rbd_open");
    openReadOnly = new NativeFunction(library, "rbd_open_read_only");
    openByIdReadOnly = new NativeFunction(library, "rbd_open_by_id_read_only");
    close = new NativeFunction(library, "rbd_close");
    create = new NativeFunction(library, "rbd_create4");
    remove = new NativeFunction(library, "rbd_remove");
    createOptions = new NativeFunction(library, "rbd_image_options_create");
    destroyOptions = new NativeFunction(library, "rbd_image_options_destroy");
    setNumber = new NativeFunction(library, "rbd_image_options_set_uint64");
    setText = new NativeFunction(library, "rbd_image_options_set_string");
    list = new NativeFunction(library, "rbd_list2");
    freeList = new NativeFunction(library, "rbd_image_spec_list_cleanup");
    trash = new NativeFunction(library, "rbd_trash_get");
    freeTrash = new NativeFunction(library, "rbd_trash_get_cleanup");
    stat = new NativeFunction(library, "rbd_stat");
    size = new NativeFunction(library, "rbd_get_size");
    features = new NativeFunction(library, "rbd_get_features");
    flags = new NativeFunction(library, "rbd_get_flags");
    stripeUnit = new NativeFunction(library, "rbd_get_stripe_unit");
    stripeCount = new NativeFunction(library, "rbd_get_stripe_count");
    overlap = new NativeFunction(library, "rbd_get_overlap");
    id = new NativeFunction(library, "rbd_get_id");
    dataPool = new NativeFunction(library, "rbd_get_data_pool_id");
    group = new NativeFunction(library, "rbd_get_group");
    freeGroup = new NativeFunction(library, "rbd_group_info_cleanup");
    parent = new NativeFunction(library, "rbd_get_parent");
    freeLink = new NativeFunction(library, "rbd_linked_image_spec_cleanup");
    freeSnapshotSpec = new NativeFunction(library, "rbd_snap_spec_cleanup");
    children = new NativeFunction(library, "rbd_list_children3");
    freeLinks = new NativeFunction(library, "rbd_linked_image_spec_list_cleanup");
    metadata = new NativeFunction(library, "rbd_metadata_get");
    snapshots = new NativeFunction(library, "rbd_snap_list");
    freeSnapshots = new NativeFunction(library, "rbd_snap_list_end");
    setSnapshot = new NativeFunction(library, "rbd_snap_set_by_id");
    snapshotTime = new NativeFunction(library, "rbd_snap_get_timestamp");
    snapshotKind = new NativeFunction(library, "rbd_snap_get_namespace_type");
    trashedSnapshot = new NativeFunction(library, "rbd_snap_get_trash_namespace");
    groupSnapshot = new NativeFunction(library, "rbd_snap_get_group_namespace");
    freeGroupSnapshot = new NativeFunction(library, "rbd_snap_group_namespace_cleanup");
    diffByName = new NativeFunction(library, "rbd_diff_iterate2");
    diffById =
        library.find("rbd_diff_iterate3").isPresent()
            ? new NativeFunction(library, "rbd_diff_iterate3")
            : null;
    read = new NativeFunction(library, "rbd_read2");
    write = new NativeFunction(library, "rbd_write2");
    discard = new NativeFunction(library, "rbd_discard");
    writeZeroes = new NativeFunction(library, "rbd_write_zeroes");
    resize = new NativeFunction(library, "rbd_resize");
    flush = new NativeFunction(library, "rbd_flush");
    watchers = new NativeFunction(library, "rbd_watchers_list");
    freeWatchers = new NativeFunction(library, "rbd_watchers_list_cleanup");
    acquireLock = new NativeFunction(library, "rbd_lock_acquire");
    createCompletion = new NativeFunction(library, "rbd_aio_create_completion");
    awaitCompletion = new NativeFunction(library, "rbd_aio_wait_for_complete");
    isComplete = new NativeFunction(library, "rbd_aio_is_complete");
    completionResult = new NativeFunction(library, "rbd_aio_get_return_value");
    releaseCompletion = new NativeFunction(library, "rbd_aio_release");
    startRead = new NativeFunction(library, "rbd_aio_read2");
    startWrite = new NativeFunction(library, "rbd_aio_write2");
    startDiscard = new NativeFunction(library, "rbd_aio_discard");
    startWriteZeroes = new NativeFunction(library, "rbd_aio_write_zeroes");
  }
}
