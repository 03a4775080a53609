package io.blockmover.ceph.rbd.librbd;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A connection to a cluster; one serves any number of pools and images. After {@link
 * CephErrno#BLOCKLISTED} it is of no more use: close it and connect again.
 */
public final class ClusterConnection implements AutoCloseable {

  private static final int FSID_BYTES = 37;

  private final Librados rados;
  private final Librbd rbd;
  private final NativeHandle handle;
  private final String fsid;

  private ClusterConnection(Librados rados, Librbd rbd, NativeHandle handle) throws CephFailure {
    this.rados = rados;
    this.rbd = rbd;
    this.handle = handle;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(FSID_BYTES);
      handle.use(cluster -> rados.fsid.require(handle.name(), cluster, out.address(), FSID_BYTES));
      this.fsid = out.getString(0);
    }
  }

  static ClusterConnection open(Librados rados, Librbd rbd, ClusterSettings settings)
      throws CephFailure {
    String name = settings.toString();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      rados.create.require(
          name,
          out.address(),
          CText.of(arena, "ceph"),
          CText.of(arena, "client." + settings.user()),
          0);
      NativeHandle handle =
          NativeHandle.root(name, CText.word(out, 0), cluster -> rados.shutdown.call(cluster));
      try {
        handle.use(
            cluster -> {
              configure(rados, cluster, settings, arena);
              return connect(rados, cluster, name);
            });
        return new ClusterConnection(rados, rbd, handle);
      } catch (CephFailure | RuntimeException e) {
        handle.close();
        throw e;
      }
    }
  }

  private static void configure(Librados rados, long cluster, ClusterSettings settings, Arena arena)
      throws CephFailure {
    if (!settings.configurationFile().isEmpty()) {
      rados.readFile.require(
          "configuration file " + settings.configurationFile(),
          cluster,
          CText.of(arena, settings.configurationFile()));
    }
    for (Map.Entry<String, String> option : options(settings).entrySet()) {
      rados.set.require(
          "option " + option.getKey(),
          cluster,
          CText.of(arena, option.getKey()),
          CText.of(arena, option.getValue()));
    }
  }

  /** Our own first, then what the user wants, then what must not be missing. */
  private static Map<String, String> options(ClusterSettings settings) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("log_to_stderr", "false");
    options.put("err_to_stderr", "false");
    options.put("rbd_cache", "false");
    options.put("rbd_readahead_max_bytes", "0");
    options.put("rbd_concurrent_management_ops", "64");
    options.putAll(settings.options());
    if (!settings.monitors().isEmpty()) {
      options.put("mon_host", MonitorAddresses.explicit(settings.monitors()));
    }
    if (!settings.key().isEmpty()) {
      options.put("key", settings.key());
      options.put("keyring", "");
    } else if (!settings.keyring().isEmpty()) {
      options.put("keyring", settings.keyring());
    }
    String operation = Long.toString(Math.max(1, settings.operationTimeout().toSeconds()));
    options.put(
        "client_mount_timeout", Long.toString(Math.max(1, settings.connectTimeout().toSeconds())));
    options.put("rados_osd_op_timeout", operation);
    options.put("rados_mon_op_timeout", operation);
    // librbd wakes who opened an image, and takes the image's lock once more. With two threads the
    // image can be closed and freed by then, and the process ends with "Invalid argument".
    options.put("librados_thread_count", "1");
    return options;
  }

  private static int connect(Librados rados, long cluster, String name) throws CephFailure {
    int result = rados.connect.callInt(cluster);
    if (result >= 0) {
      return result;
    }
    String advice =
        switch (CephErrno.of(-result)) {
          case GONE -> "no keyring of this user was found: name one, or give the key itself";
          case BAD_RANGE ->
              "monitor addresses or key are no such thing: check how they are written";
          default -> CephErrno.of(-result).advice();
        };
    throw new CephFailure("rados_connect", name, -result, advice);
  }

  /** The cluster's id, which no other cluster has. */
  public String fsid() {
    return fsid;
  }

  /** User and place, without the secret; for messages. */
  public String name() {
    return handle.name();
  }

  /** This client as {@code ceph osd blocklist} names it. */
  public String addresses() throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      return handle.use(
          cluster -> {
            rados.addresses.require(name(), cluster, out.address());
            return takeBuffer(CText.word(out, 0));
          });
    }
  }

  /**
   * Sends a command to the monitors.
   *
   * @param json such as {@code {"prefix": "osd blocklist ls", "format": "json"}}
   * @return what it answers, mostly JSON
   */
  public String command(String json) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      long command = arena.allocateFrom(JAVA_LONG, CText.of(arena, json)).address();
      MemorySegment out = arena.allocate(JAVA_LONG, 4);
      long text = out.address();
      long empty = CText.of(arena, "");
      return handle.use(
          cluster -> {
            int result =
                rados.monitorCommand.callInt(
                    cluster, command, 1, empty, 0, text, text + 8, text + 16, text + 24);
            byte[] answer = CText.bytesAt(CText.word(out, 0), CText.word(out, 8));
            byte[] status = CText.bytesAt(CText.word(out, 16), CText.word(out, 24));
            rados.freeBuffer.call(CText.word(out, 0));
            rados.freeBuffer.call(CText.word(out, 16));
            if (result < 0) {
              throw rados.monitorCommand.failure(
                  "command " + json + " (" + new String(status, StandardCharsets.UTF_8) + ")",
                  result);
            }
            return new String(answer, StandardCharsets.UTF_8);
          });
    }
  }

  /**
   * Opens a pool by its name.
   *
   * @param namespace the RADOS namespace; empty for the default one
   * @throws CephFailure {@link CephErrno#GONE} if there is no such pool
   */
  public RbdPool pool(String name, String namespace) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      long text = CText.of(arena, name);
      long id = handle.use(cluster -> rados.poolId.requireLong("pool " + name, cluster, text));
      return open(id, name, namespace);
    }
  }

  /** Opens a pool by its id; else as {@link #pool(String, String)}. */
  public RbdPool pool(long id, String namespace) throws CephFailure {
    String name =
        handle.use(
            cluster ->
                CText.filled(
                    rados.poolName,
                    "pool " + id,
                    (buffer, size) -> rados.poolName.callInt(cluster, id, buffer, size)));
    return open(id, name, namespace);
  }

  private RbdPool open(long id, String name, String namespace) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      NativeHandle pool =
          handle.open(
              namespace.isEmpty() ? name : name + "/" + namespace,
              cluster -> {
                rados.createContext.require("pool " + name, cluster, id, out.address());
                long context = CText.word(out, 0);
                rados.setNamespace.call(context, CText.of(arena, namespace));
                return context;
              },
              context -> rados.destroyContext.call(context));
      return new RbdPool(rados, rbd, pool, id, name, namespace);
    }
  }

  /** Closes pools and images that were opened from it, then the connection. */
  @Override
  public void close() {
    handle.close();
  }

  private String takeBuffer(long pointer) {
    String text = CText.at(pointer);
    rados.freeBuffer.call(pointer);
    return text;
  }
}
