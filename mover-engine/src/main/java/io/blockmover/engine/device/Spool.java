package io.blockmover.engine.device;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.MoverException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** A sparse temporary file without a name: gone with its last descriptor, even after a crash. */
final class Spool implements AutoCloseable {
  private final String name;
  private final Path directory;
  private final int fd;

  private Spool(String name, Path directory, int fd) {
    this.name = name;
    this.directory = directory;
    this.fd = fd;
  }

  /**
   * @param name of the stream that it stands for
   */
  static Spool create(String name, Path directory) throws DeviceFailed {
    try {
      // Readable by its owner only.
      Path file = Files.createTempFile(directory, "mover-", ".spool");
      try {
        return new Spool(name, directory, NativeIo.open(file, NativeIo.O_RDWR));
      } finally {
        Files.delete(file);
      }
    } catch (IOException | NativeFailure e) {
      throw failed(name, directory, e);
    }
  }

  void write(long offset, MemorySegment from) throws DeviceFailed {
    try {
      long done = 0;
      while (done < from.byteSize()) {
        done += NativeIo.pwrite(fd, from.asSlice(done), offset + done);
      }
    } catch (NativeFailure e) {
      throw failed(name, directory, e);
    }
  }

  /** Gives it its size and opens it as a volume, which lives on when this is closed. */
  DeviceSource asSource(long sizeBytes) throws MoverException {
    FileStatus status = resize(sizeBytes);
    return new DeviceSource(reopen(status, NativeIo.O_RDONLY), status);
  }

  /** Likewise, to be written. */
  DeviceTarget asTarget(long sizeBytes) throws MoverException {
    return new DeviceTarget(reopen(resize(sizeBytes), NativeIo.O_RDWR), true);
  }

  private FileStatus resize(long sizeBytes) throws MoverException {
    try {
      NativeIo.truncate(fd, sizeBytes);
      return NativeIo.status(fd);
    } catch (NativeFailure e) {
      throw failed(name, directory, e);
    }
  }

  private BlockFile reopen(FileStatus status, int access) throws MoverException {
    try {
      return Opening.open(name, Path.of("/proc/self/fd/" + fd), status, access);
    } catch (NativeFailure e) {
      throw failed(name, directory, e);
    }
  }

  private static DeviceFailed failed(String name, Path directory, Exception e) {
    return new DeviceFailed(
        name + " cannot be kept in a temporary file in " + directory + ": " + e.getMessage(),
        "name a directory with more room (TMPDIR), or use a device or file instead",
        e);
  }

  @Override
  public void close() {
    NativeIo.close(fd);
  }
}
