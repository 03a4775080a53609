package io.blockmover.engine.device;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a device or file is opened past the page cache, or through it where that is refused. */
final class Opening {
  private static final Logger log = LoggerFactory.getLogger(Opening.class);

  private static final int FILE_BLOCK_BYTES = 4096;

  private Opening() {}

  /**
   * @param flags O_RDONLY or O_RDWR, perhaps with O_EXCL
   */
  static BlockFile open(Path path, FileStatus status, int flags) throws NativeFailure {
    return open(path.toString(), path, status, flags);
  }

  /**
   * @param name what the user calls it
   */
  static BlockFile open(String name, Path path, FileStatus status, int flags) throws NativeFailure {
    int access = flags & NativeIo.O_RDWR;
    int fd;
    try {
      fd = NativeIo.open(path, flags | NativeIo.O_DIRECT);
    } catch (NativeFailure e) {
      if (e.errno() != Errno.EINVAL) {
        throw e;
      }
      return throughCache(name, path, status, flags);
    }
    int alignment = 0;
    try {
      alignment = alignment(fd, status, access);
      if (!acceptsDirectReads(fd, alignment)) {
        alignment = 0;
      }
    } catch (NativeFailure | RuntimeException e) {
      NativeIo.close(fd);
      throw e;
    }
    if (alignment > 0) {
      return BlockFile.over(name, status, fd, access, alignment);
    }
    NativeIo.close(fd);
    return throughCache(name, path, status, flags);
  }

  private static BlockFile throughCache(String name, Path path, FileStatus status, int flags)
      throws NativeFailure {
    int fd = NativeIo.open(path, flags);
    NativeIo.advise(fd, NativeIo.POSIX_FADV_SEQUENTIAL);
    log.info("{}: its file system refuses O_DIRECT; the page cache is used", name);
    return BlockFile.over(name, status, fd, flags & NativeIo.O_RDWR, 1);
  }

  private static int alignment(int fd, FileStatus status, int access) throws NativeFailure {
    if (status.isBlockDevice()) {
      return Math.max(512, NativeIo.askInt(fd, NativeIo.BLKSSZGET));
    }
    int block = Math.max(FILE_BLOCK_BYTES, status.directAlignment());
    // Where it is written, a whole page: the last one is written through the cache, which must not
    // hold anything beside it that is written past the cache.
    return access == NativeIo.O_RDWR ? Math.max(block, NativeIo.pageSize()) : block;
  }

  /** Some file systems accept the flag and refuse the transfer. */
  private static boolean acceptsDirectReads(int fd, int alignment) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment block = arena.allocate(alignment, alignment);
      NativeIo.pread(fd, block, 0);
      return true;
    } catch (NativeFailure e) {
      // A bad first block says nothing about the rest.
      return e.errno() != Errno.EINVAL;
    }
  }
}
