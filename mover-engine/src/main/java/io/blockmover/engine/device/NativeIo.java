package io.blockmover.engine.device;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * The C library's calls for devices and files, on 64-bit Linux. Each wrapper repeats its call after
 * EINTR and turns -1 into {@link NativeFailure}.
 *
 * <p>No handle is linked as {@code critical}: these calls may block for seconds, and a critical one
 * would stop garbage collection for as long.
 */
final class NativeIo {
  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_NONBLOCK = 0x800;
  static final int O_DIRECT =
      System.getProperty("os.arch", "").equals("aarch64") ? 0x10000 : 0x4000;
  private static final int O_CLOEXEC = 0x80000;

  static final int SEEK_DATA = 3;
  static final int SEEK_HOLE = 4;
  static final int FALLOC_FL_KEEP_SIZE = 1;
  static final int FALLOC_FL_PUNCH_HOLE = 2;
  static final int POSIX_FADV_SEQUENTIAL = 2;
  static final int POSIX_FADV_DONTNEED = 4;

  /** {@code uint64_t}: the size in bytes. */
  static final long BLKGETSIZE64 = 0x80081272L;

  /** {@code int}: the logical block. */
  static final long BLKSSZGET = 0x1268;

  /** {@code int}: not 0 if the device is read-only. */
  static final long BLKROGET = 0x125e;

  /** {@code uint64_t[2]}: offset and length to be made zero. */
  private static final long BLKZEROOUT = 0x127f;

  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MADV_HUGEPAGE = 14;

  private static final int AT_FDCWD = -100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC_STATS_AND_DIOALIGN = 0x7ff | 0x2000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** {@code int open(const char *path, int flags, ... mode_t mode)}. */
  private static final MethodHandle OPEN =
      handle(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));

  /** {@code int close(int fd)}. */
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  /** {@code ssize_t pread(int fd, void *buffer, size_t count, off_t offset)}. */
  private static final MethodHandle PREAD = transfer("pread");

  /** {@code ssize_t pwrite(int fd, const void *buffer, size_t count, off_t offset)}. */
  private static final MethodHandle PWRITE = transfer("pwrite");

  /** {@code int ioctl(int fd, unsigned long request, ... void *argument)}. */
  private static final MethodHandle IOCTL =
      handle(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          Linker.Option.firstVariadicArg(2));

  /** {@code off_t lseek(int fd, off_t offset, int whence)}. */
  private static final MethodHandle LSEEK =
      handle("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));

  /** {@code int fallocate(int fd, int mode, off_t offset, off_t length)}. */
  private static final MethodHandle FALLOCATE =
      handle(
          "fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));

  /** {@code int ftruncate(int fd, off_t length)}. */
  private static final MethodHandle FTRUNCATE =
      handle("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));

  /** {@code int fsync(int fd)}. */
  private static final MethodHandle FSYNC =
      handle("fsync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  /** {@code int posix_fadvise(int fd, off_t offset, off_t length, int advice)}. */
  private static final MethodHandle POSIX_FADVISE =
      handle(
          "posix_fadvise",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

  /**
   * {@code int statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *out)};
   * not stat(2), whose struct differs between the architectures.
   */
  private static final MethodHandle STATX =
      handle(
          "statx", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));

  /**
   * {@code void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset)}.
   */
  private static final MethodHandle MMAP =
      handle(
          "mmap",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));

  /** {@code int munmap(void *at, size_t length)}. */
  private static final MethodHandle MUNMAP =
      handle("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

  /** {@code int madvise(void *at, size_t length, int advice)}. */
  private static final MethodHandle MADVISE =
      handle("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

  /** {@code int getpagesize(void)}. */
  private static final MethodHandle GETPAGESIZE =
      handle("getpagesize", FunctionDescriptor.of(JAVA_INT));

  private NativeIo() {}

  private static MethodHandle transfer(String symbol) {
    return handle(
        symbol, FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
  }

  private static MethodHandle handle(
      String symbol, FunctionDescriptor function, Linker.Option... options) {
    Linker.Option[] all = new Linker.Option[options.length + 1];
    System.arraycopy(options, 0, all, 0, options.length);
    all[options.length] = CAPTURE;
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(symbol), function, all);
  }

  /** Opens with close-on-exec; a file made by it is for its owner only. */
  static int open(Path path, int flags) throws NativeFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path.toString());
      return (int)
          call("open", state -> (int) OPEN.invokeExact(state, name, flags | O_CLOEXEC, 0600));
    }
  }

  /** Closes; never repeated, for the descriptor is free even after an error. */
  static void close(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      int ignored = (int) CLOSE.invokeExact(arena.allocate(STATE), fd);
    } catch (Throwable e) {
      throw new AssertionError("close", e);
    }
  }

  /** Reads once; 0 at the end of the file. */
  static long pread(int fd, MemorySegment into, long offset) throws NativeFailure {
    return call(
        "read", state -> (long) PREAD.invokeExact(state, fd, into, into.byteSize(), offset));
  }

  /** Writes once; may write less than everything. */
  static long pwrite(int fd, MemorySegment from, long offset) throws NativeFailure {
    return call(
        "write", state -> (long) PWRITE.invokeExact(state, fd, from, from.byteSize(), offset));
  }

  /** An ioctl that answers with a {@code uint64_t}. */
  static long askLong(int fd, long request) throws NativeFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(JAVA_LONG);
      call("ioctl", state -> (int) IOCTL.invokeExact(state, fd, request, answer));
      return answer.get(JAVA_LONG, 0);
    }
  }

  /** An ioctl that answers with an {@code int}. */
  static int askInt(int fd, long request) throws NativeFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(JAVA_INT);
      call("ioctl", state -> (int) IOCTL.invokeExact(state, fd, request, answer));
      return answer.get(JAVA_INT, 0);
    }
  }

  /** BLKZEROOUT: makes blocks of a device zero, by the kernel. */
  static void zeroOut(int fd, long offset, long length) throws NativeFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment range = arena.allocateFrom(JAVA_LONG, offset, length);
      call("BLKZEROOUT", state -> (int) IOCTL.invokeExact(state, fd, BLKZEROOUT, range));
    }
  }

  static long seek(int fd, long offset, int whence) throws NativeFailure {
    return call("lseek", state -> (long) LSEEK.invokeExact(state, fd, offset, whence));
  }

  /** Makes the bytes zero and gives their space back; the size stays. Devices know it too. */
  static void punchHole(int fd, long offset, long length) throws NativeFailure {
    int mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
    call("fallocate", state -> (int) FALLOCATE.invokeExact(state, fd, mode, offset, length));
  }

  static void truncate(int fd, long size) throws NativeFailure {
    call("ftruncate", state -> (int) FTRUNCATE.invokeExact(state, fd, size));
  }

  static void sync(int fd) throws NativeFailure {
    call("fsync", state -> (int) FSYNC.invokeExact(state, fd));
  }

  /** A hint for the whole file; what comes of it does not matter. */
  static void advise(int fd, int advice) {
    try (Arena arena = Arena.ofConfined()) {
      int ignored = (int) POSIX_FADVISE.invokeExact(arena.allocate(STATE), fd, 0L, 0L, advice);
    } catch (Throwable e) {
      throw new AssertionError("posix_fadvise", e);
    }
  }

  static FileStatus status(Path path) throws NativeFailure {
    return status(AT_FDCWD, path.toString(), 0);
  }

  static FileStatus status(int fd) throws NativeFailure {
    return status(fd, "", AT_EMPTY_PATH);
  }

  private static FileStatus status(int fd, String path, int flags) throws NativeFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path);
      MemorySegment out = arena.allocate(FileStatus.STATX_BYTES, Long.BYTES);
      int mask = STATX_BASIC_STATS_AND_DIOALIGN;
      call("statx", state -> (int) STATX.invokeExact(state, fd, name, flags, mask, out));
      return FileStatus.parse(out);
    }
  }

  static int pageSize() {
    try (Arena arena = Arena.ofConfined()) {
      return (int) GETPAGESIZE.invokeExact(arena.allocate(STATE));
    } catch (Throwable e) {
      throw new AssertionError("getpagesize", e);
    }
  }

  /**
   * Memory outside the heap that takes space page by page as it is used, in huge pages where the
   * system has them: a direct transfer pins far fewer of those.
   *
   * @param arena frees the memory when it is closed
   */
  static MemorySegment map(long bytes, long alignment, Arena arena) {
    long length = Math.addExact(bytes, alignment);
    try (Arena call = Arena.ofConfined()) {
      MemorySegment state = call.allocate(STATE);
      int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
      long start =
          (long) MMAP.invokeExact(state, 0L, length, PROT_READ | PROT_WRITE, flags, -1, 0L);
      if (start == -1) {
        throw new OutOfMemoryError("mmap of " + length + " bytes");
      }
      long aligned = Math.ceilDiv(start, alignment) * alignment;
      // A hint: systems without huge pages answer with an error.
      int ignored = (int) MADVISE.invokeExact(state, aligned, bytes, MADV_HUGEPAGE);
      return MemorySegment.ofAddress(aligned)
          .reinterpret(bytes, arena, all -> unmap(start, length));
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("mmap", e);
    }
  }

  private static void unmap(long start, long length) {
    try (Arena call = Arena.ofConfined()) {
      int ignored = (int) MUNMAP.invokeExact(call.allocate(STATE), start, length);
    } catch (Throwable e) {
      throw new AssertionError("munmap", e);
    }
  }

  private interface Call {
    long run(MemorySegment state) throws Throwable;
  }

  private static long call(String what, Call call) throws NativeFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      while (true) {
        long result = call.run(state);
        if (result >= 0) {
          return result;
        }
        int errno = (int) ERRNO.get(state, 0L);
        // An interrupted thread is left to the callers, which look between transfers.
        if (errno != Errno.EINTR) {
          throw new NativeFailure(what, errno);
        }
      }
    } catch (NativeFailure e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(what, e);
    }
  }
}
