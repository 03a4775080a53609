package io.blockmover.engine.device;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * What {@code statx} says of a file.
 *
 * @param sizeBytes of a regular file; 0 for a device
 * @param allocatedBytes space that it takes
 * @param device "major:minor" of the file system that it is on
 * @param represents "major:minor" of the device that it is, for block devices
 * @param modified time of the last change to its bytes, nanoseconds since 1970
 * @param directAlignment offset alignment for O_DIRECT; 0 if not known
 */
record FileStatus(
    Kind kind,
    long sizeBytes,
    long allocatedBytes,
    String device,
    long inode,
    String represents,
    long modified,
    int directAlignment) {

  enum Kind {
    REGULAR_FILE("a regular file"),
    BLOCK_DEVICE("a block device"),
    DIRECTORY("a directory"),
    CHARACTER_DEVICE("a character device"),
    PIPE("a pipe"),
    SOCKET("a socket"),
    OTHER("no file or device");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** With its article, for messages. */
    String text() {
      return text;
    }
  }

  static final long STATX_BYTES = 256;
  private static final int STATX_DIOALIGN = 0x2000;

  /** From a {@code struct statx}, which is the same on all architectures. */
  static FileStatus parse(MemorySegment statx) {
    int mask = statx.get(JAVA_INT_UNALIGNED, 0x00);
    int mode = Short.toUnsignedInt(statx.get(JAVA_SHORT_UNALIGNED, 0x1c));
    return new FileStatus(
        kind(mode),
        statx.get(JAVA_LONG_UNALIGNED, 0x28),
        statx.get(JAVA_LONG_UNALIGNED, 0x30) * 512,
        numbers(statx, 0x88),
        statx.get(JAVA_LONG_UNALIGNED, 0x20),
        numbers(statx, 0x80),
        statx.get(JAVA_LONG_UNALIGNED, 0x70) * 1_000_000_000L + statx.get(JAVA_INT_UNALIGNED, 0x78),
        (mask & STATX_DIOALIGN) == 0 ? 0 : statx.get(JAVA_INT_UNALIGNED, 0x9c));
  }

  private static String numbers(MemorySegment statx, long at) {
    return Integer.toUnsignedString(statx.get(JAVA_INT_UNALIGNED, at))
        + ":"
        + Integer.toUnsignedString(statx.get(JAVA_INT_UNALIGNED, at + 4));
  }

  private static Kind kind(int mode) {
    return switch (mode & 0xf000) {
      case 0x1000 -> Kind.PIPE;
      case 0x2000 -> Kind.CHARACTER_DEVICE;
      case 0x4000 -> Kind.DIRECTORY;
      case 0x6000 -> Kind.BLOCK_DEVICE;
      case 0x8000 -> Kind.REGULAR_FILE;
      case 0xc000 -> Kind.SOCKET;
      default -> Kind.OTHER;
    };
  }

  boolean isBlockDevice() {
    return kind == Kind.BLOCK_DEVICE;
  }

  boolean isVolume() {
    return kind == Kind.BLOCK_DEVICE || kind == Kind.REGULAR_FILE;
  }

  /** Whether both are the same file, by whatever names. */
  boolean sameFile(FileStatus other) {
    return inode == other.inode && device.equals(other.device);
  }
}
