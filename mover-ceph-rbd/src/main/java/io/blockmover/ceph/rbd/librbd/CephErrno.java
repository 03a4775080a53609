package io.blockmover.ceph.rbd.librbd;

/**
 * The error numbers that librados and librbd answer with, what they mean there, and what a person
 * does next: the one table. Linux numbers them the same on x86-64 and aarch64.
 */
public enum CephErrno {
  /** The user's capabilities do not allow it. */
  NOT_PERMITTED(
      1,
      "EPERM",
      "the user's capabilities do not allow it",
      "give the user 'profile rbd' (or 'profile rbd-read-only' for backups) on this pool and namespace"),
  /** The image, snapshot, parent, pool or object is not there. */
  GONE(2, "ENOENT", "it is not there", "check the names of pool, namespace, image and snapshot"),
  /** Storage could not read or write. */
  BROKEN(5, "EIO", "storage answered with an input/output error", "look at `ceph health detail`"),
  /** The owner was closed here. */
  CLOSED(9, "EBADF", "it was closed here meanwhile", ""),
  /** Wrong key, or no such user. */
  REFUSED(
      13,
      "EACCES",
      "the cluster knows no such user, or the key is another",
      "check the user's name (without 'client.') and key with `ceph auth get client.NAME`"),
  /** Somebody else uses it. */
  BUSY(16, "EBUSY", "it is in use", "end what uses it: `rbd status IMAGE` lists its watchers"),
  /** It exists already. */
  EXISTS(17, "EEXIST", "it exists already", "choose another name"),
  /** Beyond the end, or snapshots in the wrong order. */
  BAD_RANGE(22, "EINVAL", "a range or an order that does not exist", ""),
  /** The pool or its cluster is full. */
  FULL(28, "ENOSPC", "the pool or the cluster is full", "make room or add OSDs"),
  /** Opened for reading only, or a snapshot. */
  READ_ONLY(30, "EROFS", "it can only be read", ""),
  /** The buffer handed over is too small; callers here enlarge it. */
  BUFFER_TOO_SMALL(34, "ERANGE", "the answer is larger than its buffer", ""),
  /** The library has no such function. */
  UNSUPPORTED(
      38,
      "ENOSYS",
      "this version of librbd cannot do it",
      "install librbd of Ceph 18.2.5, 19.2.3, 20 or later beside the mover; the cluster may stay as it is"),
  /** It still has snapshots. */
  NOT_EMPTY(39, "ENOTEMPTY", "it still has snapshots", "remove them first: `rbd snap ls --all`"),
  /** An OSD did not load its class {@code rbd}. */
  NO_CLASS(
      95,
      "EOPNOTSUPP",
      "an OSD does not offer what images need",
      "set `osd class dir` to the folder that holds libcls_rbd.so, and start the OSDs again"),
  /** The connection is shut down or not up. */
  NOT_CONNECTED(107, "ENOTCONN", "there is no connection to the cluster", "run again"),
  /** The cluster refuses this client instance; only a new connection helps. */
  BLOCKLISTED(
      108,
      "ESHUTDOWN",
      "the cluster has blocklisted this client",
      "connect again; `ceph osd blocklist ls` tells until when the old connection is refused"),
  /** Monitors or OSDs did not answer in time. */
  TIMED_OUT(
      110,
      "ETIMEDOUT",
      "the cluster did not answer in time",
      "check that monitors (3300, 6789) and all OSDs (6800-7568) can be reached from here, and `ceph health`"),
  /** A quota of the pool is used up. */
  QUOTA(122, "EDQUOT", "the pool's quota is used up", "raise it: `ceph osd pool set-quota`"),
  /** Ended because the receiver wanted no more. */
  CANCELLED(125, "ECANCELED", "it was cancelled", ""),
  /** Any other. */
  OTHER(0, "", "an error without a known meaning here", "look at `ceph health detail`");

  private final int number;
  private final String symbol;
  private final String meaning;
  private final String advice;

  CephErrno(int number, String symbol, String meaning, String advice) {
    this.number = number;
    this.symbol = symbol;
    this.meaning = meaning;
    this.advice = advice;
  }

  /** What a number means; {@link #OTHER} if it is not in the table. */
  public static CephErrno of(int number) {
    for (CephErrno known : values()) {
      if (known.number == number) {
        return known;
      }
    }
    return OTHER;
  }

  /** Linux's number, positive; 0 for {@link #OTHER}. */
  public int number() {
    return number;
  }

  /** What a person should do next; empty if nothing can be said. */
  public String advice() {
    return advice;
  }

  /** The meaning and the symbol, to be put into a message. */
  String text(int actual) {
    return meaning + " (" + (this == OTHER ? "errno " + actual : symbol) + ")";
  }
}
