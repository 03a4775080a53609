package io.blockmover.ceph.rbd.librbd;

import java.lang.foreign.SymbolLookup;

/** The functions of librados.so.2 that are used. Each returns {@code -errno} for an error. */
final class Librados {

  /** {@code int rados_create2(rados_t *, const char *cluster, const char *user, uint64_t 0)}. */
  final NativeFunction create;

  /** {@code int rados_conf_read_file(rados_t, const char *path)}. */
  final NativeFunction readFile;

  /** {@code int rados_conf_set(rados_t, const char *option, const char *value)}. */
  final NativeFunction set;

  /** {@code int rados_connect(rados_t)}. */
  final NativeFunction connect;

  /** {@code void rados_shutdown(rados_t)}. */
  final NativeFunction shutdown;

  /** {@code int rados_cluster_fsid(rados_t, char *out, size_t)}: the length. */
  final NativeFunction fsid;

  /** {@code int rados_getaddrs(rados_t, char **out)}. */
  final NativeFunction addresses;

  /** {@code void rados_buffer_free(char *)}. */
  final NativeFunction freeBuffer;

  /**
   * {@code int rados_mon_command(rados_t, const char **command, size_t 1, const char *input,
   * size_t, char **out, size_t *, char **status, size_t *)}.
   */
  final NativeFunction monitorCommand;

  /** {@code int64_t rados_pool_lookup(rados_t, const char *name)}. */
  final NativeFunction poolId;

  /** {@code int rados_pool_reverse_lookup(rados_t, int64_t id, char *out, size_t)}: the length. */
  final NativeFunction poolName;

  /** {@code int rados_ioctx_create2(rados_t, int64_t pool, rados_ioctx_t *)}. */
  final NativeFunction createContext;

  /** {@code void rados_ioctx_destroy(rados_ioctx_t)}. */
  final NativeFunction destroyContext;

  /** {@code void rados_ioctx_set_namespace(rados_ioctx_t, const char *)}. */
  final NativeFunction setNamespace;

  /** {@code rados_read_op_t rados_create_read_op(void)}. */
  final NativeFunction createReadOp;

  /** {@code void rados_release_read_op(rados_read_op_t)}. */
  final NativeFunction releaseReadOp;

  /**
   * {@code void rados_read_op_omap_get_vals_by_keys2(rados_read_op_t, char const *const *keys,
   * size_t count, const size_t *lengths, rados_omap_iter_t *, int *result)}.
   */
  final NativeFunction omapByKeys;

  /** {@code int rados_read_op_operate(rados_read_op_t, rados_ioctx_t, const char *, int)}. */
  final NativeFunction operate;

  /**
   * {@code int rados_omap_get_next2(rados_omap_iter_t, char **key, char **value, size_t *, size_t
   * *)}: a null key at the end.
   */
  final NativeFunction omapNext;

  /** {@code void rados_omap_get_end(rados_omap_iter_t)}. */
  final NativeFunction omapEnd;

  /**
   * @throws java.util.NoSuchElementException if the library lacks one
   */
  Librados(SymbolLookup library) {
    create = new NativeFunction(library, "rados_create2");
    readFile = new NativeFunction(library, "rados_conf_read_file");
    set = new NativeFunction(library, "rados_conf_set");
    connect = new NativeFunction(library, "rados_connect");
    shutdown = new NativeFunction(library, "rados_shutdown");
    fsid = new NativeFunction(library, "rados_cluster_fsid");
    addresses = new NativeFunction(library, "rados_getaddrs");
    freeBuffer = new NativeFunction(library, "rados_buffer_free");
    monitorCommand = new NativeFunction(library, "rados_mon_command");
    poolId = new NativeFunction(library, "rados_pool_lookup");
    poolName = new NativeFunction(library, "rados_pool_reverse_lookup");
    createContext = new NativeFunction(library, "rados_ioctx_create2");
    destroyContext = new NativeFunction(library, "rados_ioctx_destroy");
    setNamespace = new NativeFunction(library, "rados_ioctx_set_namespace");
    createReadOp = new NativeFunction(library, "rados_create_read_op");
    releaseReadOp = new NativeFunction(library, "rados_release_read_op");
    omapByKeys = new NativeFunction(library, "rados_read_op_omap_get_vals_by_keys2");
    operate = new NativeFunction(library, "rados_read_op_operate");
    omapNext = new NativeFunction(library, "rados_omap_get_next2");
    omapEnd = new NativeFunction(library, "rados_omap_get_end");
  }
}
