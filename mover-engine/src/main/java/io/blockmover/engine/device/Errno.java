package io.blockmover.engine.device;

/** The error numbers that devices and files answer with; the same on x86-64 and aarch64. */
final class Errno {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int ENXIO = 6;
  static final int EACCES = 13;
  static final int EBUSY = 16;
  static final int EEXIST = 17;
  static final int ENODEV = 19;
  static final int ENOTDIR = 20;
  static final int EISDIR = 21;
  static final int EINVAL = 22;
  static final int ENOTTY = 25;
  static final int ETXTBSY = 26;
  static final int EFBIG = 27;
  static final int ENOSPC = 28;
  static final int EROFS = 30;
  static final int ENODATA = 61;
  static final int EOPNOTSUPP = 95;
  static final int ECONNABORTED = 103;
  static final int ENOTCONN = 107;
  static final int ESHUTDOWN = 108;
  static final int ESTALE = 116;
  static final int EDQUOT = 122;
  static final int ENOMEDIUM = 123;

  private Errno() {}

  /** A sentence part a person can search for. */
  static String text(int errno) {
    return switch (errno) {
      case EPERM -> "operation not permitted (EPERM)";
      case ENOENT -> "no such file or device (ENOENT)";
      case EINTR -> "interrupted (EINTR)";
      case EIO -> "input/output error (EIO)";
      case ENXIO -> "no such device or address (ENXIO)";
      case EACCES -> "permission denied (EACCES)";
      case EBUSY -> "device or resource busy (EBUSY)";
      case EEXIST -> "exists already (EEXIST)";
      case ENODEV -> "no such device (ENODEV)";
      case ENOTDIR -> "not a directory (ENOTDIR)";
      case EISDIR -> "is a directory (EISDIR)";
      case EINVAL -> "invalid argument (EINVAL)";
      case ENOTTY -> "not supported by this device (ENOTTY)";
      case ETXTBSY -> "is being executed or used as swap (ETXTBSY)";
      case EFBIG -> "larger than the file system allows (EFBIG)";
      case ENOSPC -> "no space left on the device (ENOSPC)";
      case EROFS -> "read-only file system or device (EROFS)";
      case ENODATA -> "the medium has lost these bytes (ENODATA)";
      case EOPNOTSUPP -> "not supported (EOPNOTSUPP)";
      case ECONNABORTED -> "what serves the device has ended (ECONNABORTED)";
      case ENOTCONN -> "what serves the device has ended (ENOTCONN)";
      case ESTALE -> "the file server has lost the file (ESTALE)";
      case ESHUTDOWN -> "the device was shut down (ESHUTDOWN)";
      case EDQUOT -> "disk quota exceeded (EDQUOT)";
      case ENOMEDIUM -> "no medium found (ENOMEDIUM)";
      default -> "errno " + errno;
    };
  }

  /** The device itself is no longer there. */
  static boolean isGone(int errno) {
    return switch (errno) {
      case ENXIO, ENODEV, ENOMEDIUM, ESHUTDOWN, ECONNABORTED, ENOTCONN, ESTALE -> true;
      default -> false;
    };
  }

  /** What was asked for is not offered here; another way may be. */
  static boolean isUnsupported(int errno) {
    return errno == EOPNOTSUPP || errno == ENOTTY || errno == EINVAL;
  }
}
