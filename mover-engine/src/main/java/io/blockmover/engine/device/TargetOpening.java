package io.blockmover.engine.device;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.TargetRefused;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.tracking.ExtentCursor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a target after all checks; nothing of it is changed before the last of them. */
final class TargetOpening {
  private static final Logger log = LoggerFactory.getLogger(TargetOpening.class);

  private static final String FORCE =
      "give --force to overwrite it, after making sure that it is the right one";

  private final Path path;
  private final long sizeBytes;
  private final TargetOptions options;

  TargetOpening(Path path, long sizeBytes, TargetOptions options) {
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("size " + sizeBytes);
    }
    this.path = path;
    this.sizeBytes = sizeBytes;
    this.options = options;
  }

  BlockTarget open() throws MoverException {
    FileStatus status;
    try {
      status = NativeIo.status(path);
    } catch (NativeFailure e) {
      if (e.errno() == Errno.ENOENT) {
        return create();
      }
      throw failed(e);
    }
    return switch (status.kind()) {
      case BLOCK_DEVICE -> openDevice(status);
      case REGULAR_FILE -> openFile(status);
      case DIRECTORY ->
          throw new TargetRefused(
              path + " is a directory", "give the path of a block device or of a file in it");
      case CHARACTER_DEVICE, PIPE, SOCKET, OTHER ->
          throw new TargetRefused(
              path + " is " + status.kind().text() + ", not a block device or a regular file",
              "give the path of a block device or a file");
    };
  }

  private BlockTarget openDevice(FileStatus status) throws MoverException {
    requireUnused(status);
    BlockFile file = openExisting(status, NativeIo.O_RDWR | NativeIo.O_EXCL);
    try {
      if (file.onDescriptor(fd -> NativeIo.askInt(fd, NativeIo.BLKROGET)) != 0) {
        throw readOnly(null);
      }
      if (file.sizeBytes() < sizeBytes) {
        throw new TargetRefused(
            path + " has " + file.sizeBytes() + " bytes, the backup " + sizeBytes,
            "give a device that is at least as large as the backup");
      }
      if (!options.force()) {
        requireNoSignature(file);
      }
      noteSize(file);
      return new DeviceTarget(file, false);
    } catch (NativeFailure e) {
      file.close();
      throw failed(e);
    } catch (MoverException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private BlockTarget openFile(FileStatus status) throws MoverException {
    requireUnused(status);
    try (BlockFile file = openExisting(status, NativeIo.O_RDWR)) {
      boolean empty = isAllHoles(file);
      if (!empty && !options.force()) {
        requireNoSignature(file);
        throw new TargetRefused(path + " exists and holds " + size(file) + " of data", FORCE);
      }
      if (file.sizeBytes() < sizeBytes) {
        file.onDescriptor(this::resize);
      }
      return reopen(status, empty);
    } catch (NativeFailure e) {
      throw failed(e);
    }
  }

  private static String size(BlockFile file) {
    return file.sizeBytes() + " bytes";
  }

  private BlockTarget create() throws MoverException {
    if (!options.create()) {
      throw new TargetRefused(path + " does not exist", "check the path");
    }
    Path absolute = path.toAbsolutePath().normalize();
    // What is missing there is a device, and a file in its place would fill the memory.
    if (absolute.startsWith("/dev") && !absolute.startsWith("/dev/shm")) {
      throw new TargetRefused(path + " does not exist", "check the device's name (lsblk)");
    }
    try {
      int flags = NativeIo.O_RDWR | NativeIo.O_CREAT | NativeIo.O_EXCL;
      int fd = NativeIo.open(path, flags);
      try {
        resize(fd);
      } catch (NativeFailure e) {
        absolute.toFile().delete();
        throw e;
      } finally {
        NativeIo.close(fd);
      }
      syncDirectory(absolute);
      return reopen(NativeIo.status(path), true);
    } catch (NativeFailure e) {
      throw failed(e);
    }
  }

  /** The name of a new file is durable from the start. */
  private static void syncDirectory(Path file) throws NativeFailure {
    Path directory = file.getParent();
    if (directory == null) {
      return;
    }
    int fd = NativeIo.open(directory, NativeIo.O_RDONLY);
    try {
      NativeIo.sync(fd);
    } finally {
      NativeIo.close(fd);
    }
  }

  private long resize(int fd) throws NativeFailure {
    NativeIo.truncate(fd, sizeBytes);
    return 0;
  }

  private BlockTarget reopen(FileStatus status, boolean startsAsZeros)
      throws NativeFailure, MoverException {
    BlockFile file = Opening.open(path, status, NativeIo.O_RDWR);
    noteSize(file);
    return new DeviceTarget(file, startsAsZeros);
  }

  private void noteSize(BlockFile file) {
    if (file.sizeBytes() > sizeBytes) {
      log.warn(
          "{} is larger than the backup: its last {} bytes stay as they are",
          path,
          file.sizeBytes() - sizeBytes);
    }
  }

  private BlockFile openExisting(FileStatus status, int flags) throws MoverException {
    try {
      return Opening.open(path, status, flags);
    } catch (NativeFailure e) {
      throw failed(e);
    }
  }

  private void requireUnused(FileStatus status) throws TargetRefused {
    Optional<String> use = DeviceUse.ofThisSystem().describe(status);
    if (use.isPresent()) {
      throw new TargetRefused(
          path + " " + use.get(), "release it first (umount, swapoff, vgchange -an, losetup -d)");
    }
  }

  private void requireNoSignature(BlockFile file) throws NativeFailure, MoverException {
    byte[] start = new byte[(int) Math.min(Signatures.PROBE_BYTES, file.sizeBytes())];
    new UnalignedAccess(file).read(0, MemorySegment.ofArray(start));
    Optional<String> found = Signatures.recognise(start);
    if (found.isPresent()) {
      throw new TargetRefused(path + " holds " + found.get(), FORCE);
    }
  }

  private static boolean isAllHoles(BlockFile file) throws MoverException {
    if (file.sizeBytes() == 0) {
      return true;
    }
    Optional<ExtentCursor> data = DataExtents.of(file, new Extent(0, file.sizeBytes()));
    return data.isPresent() && data.get().next() == null;
  }

  private MoverException failed(NativeFailure e) {
    return switch (e.errno()) {
      case Errno.EBUSY ->
          new TargetRefused(
              path + " is in use: " + Errno.text(e.errno()),
              "find its user (lsblk, fuser, another mount namespace) and release it",
              e);
      case Errno.ETXTBSY ->
          new TargetRefused(
              path + " is in use: " + e.getMessage(), "end the program or the swap on it first", e);
      case Errno.EROFS -> readOnly(e);
      case Errno.EACCES, Errno.EPERM ->
          new TargetRefused(
              path + " may not be written, or is read-only: " + Errno.text(e.errno()),
              "run as root, or as a user who may write the device; see blockdev --getro",
              e);
      case Errno.ENOENT, Errno.ENOTDIR ->
          new TargetRefused(path + " does not exist and cannot be made", "check the path", e);
      default ->
          new DeviceFailed(
              path + " cannot be opened: " + e.getMessage(),
              "check the device's health (dmesg), then run again",
              e);
    };
  }

  private TargetRefused readOnly(@Nullable Throwable cause) {
    return new TargetRefused(
        path + " is read-only", "make it writable (blockdev --setrw), or give another", cause);
  }
}
