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
 * <p>Each signature that differs costs 10 to 30 ms of CPU when it is linked, at every start and
 * with an AOT cache too. So there are two: transfers, and one for all other calls, whose parameters
 * travel in six registers of 64 bits on x86-64 and aarch64 alike; a function takes those it knows.
 * An {@code int} that comes back is the lower half.
 *
 * <p>No handle is linked as {@code critical}: these calls may block for seconds, and a critical one
 * would stop garbage collection for as long.
 */
final class NativeIo {
  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_DIRECT =
      System.getProperty("os.arch", "").equals("aarch64") ? 0x10000 : 0x4000;
  private static final int O_CLOEXEC = 0x80000;

  static final int SEEK_DATA = 3;
  static final int SEEK_HOLE = 4;
  private static final int FALLOC_FL_KEEP_SIZE = 1;
  private static final int FALLOC_FL_PUNCH_HOLE = 2;
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

  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 2 | 0x20 | 0x4000;
  private static final int MADV_HUGEPAGE = 14;
  private static final int AT_FDCWD = -100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC_STATS_AND_DIOALIGN = 0x7ff | 0x2000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** {@code ssize_t pread(int fd, void *buffer, size_t count, off_t offset)}. */
  private static final MethodHandle PREAD = transfer("pread");

  /** {@code ssize_t pwrite(int fd, const void *buffer, size_t count, off_t offset)}. */
  private static final MethodHandle PWRITE = transfer("pwrite");

  /** {@code int open(const char *path, int flags, ... mode_t mode)}. */
  private static final MethodHandle OPEN = plain("open");

  /** {@code int close(int fd)}. */
  private static final MethodHandle CLOSE = plain("close");

  /** {@code int ioctl(int fd, unsigned long request, ... void *argument)}. */
  private static final MethodHandle IOCTL = plain("ioctl");

  /** {@code off_t lseek(int fd, off_t offset, int whence)}. */
  private static final MethodHandle LSEEK = plain("lseek");

  /** {@code int fallocate(int fd, int mode, off_t offset, off_t length)}. */
  private static final MethodHandle FALLOCATE = plain("fallocate");

  /** {@code int ftruncate(int fd, off_t length)}. */
  private static final MethodHandle FTRUNCATE = plain("ftruncate");

  /** {@code int fsync(int fd)}. */
  private static final MethodHandle FSYNC = plain("fsync");

  /** {@code int posix_fadvise(int fd, off_t offset, off_t length, int advice)}. */
  private static final MethodHandle POSIX_FADVISE = plain("posix_fadvise");

  /**
   * {@code int statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *out)};
   * not stat(2), whose struct differs between the architectures.
   */
  private static final MethodHandle STATX = plain("statx");

  /**
   * {@code void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset)}.
   */
  private static final MethodHandle MMAP = plain("mmap");

  /** {@code int munmap(void *at, size_t length)}. */
  private static final MethodHandle MUNMAP = plain("munmap");

  /** {@code int madvise(void *at, size_t length, int advice)}. */
  private static final MethodHandle MADVISE = plain("madvise");

  /** {@code int getpagesize(void)}. */
  private static final MethodHandle GETPAGESIZE = plain("getpagesize");

  private NativeIo() {}

  private static MethodHandle transfer(String symbol) {
    return handle(
        symbol, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG));
  }

  private static MethodHandle plain(String symbol) {
    return handle(
        symbol,
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  }

  /** As for a variadic function, which some are, and which the others do not notice. */
  private static MethodHandle handle(String symbol, FunctionDescriptor function) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(symbol),
        function,
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(2));
  }

  /** Opens with close-on-exec; a file made by it is for its owner only. */
  static int open(Path path, int flags) throws NativeFailure {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(path.toString()).address();
      return callInt("open", OPEN, name, flags | O_CLOEXEC, 0600, 0, 0);
    }
  }

  /** Closes; the descriptor is free even after an error. */
  static void close(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      // Not repeated after EINTR: the number may be another file's by then.
      invoke(arena.allocate(STATE), CLOSE, fd, 0, 0, 0, 0, 0);
    }
  }

  /** Reads once; 0 at the end of the file. */
  static long pread(int fd, MemorySegment into, long offset) throws NativeFailure {
    return transfer("read", PREAD, fd, into, offset);
  }

  /** Writes once; may write less than everything. */
  static long pwrite(int fd, MemorySegment from, long offset) throws NativeFailure {
    return transfer("write", PWRITE, fd, from, offset);
  }

  /** An ioctl that answers with a {@code uint64_t}. */
  static long askLong(int fd, long request) throws NativeFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(JAVA_LONG);
      callInt("ioctl", IOCTL, fd, request, answer.address(), 0, 0);
      return answer.get(JAVA_LONG, 0);
    }
  }

  /** An ioctl that answers with an {@code int}. */
  static int askInt(int fd, long request) throws NativeFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(JAVA_INT);
      callInt("ioctl", IOCTL, fd, request, answer.address(), 0, 0);
      return answer.get(JAVA_INT, 0);
    }
  }

  /** Makes blocks of a device zero, by the kernel. */
  static void zeroOut(int fd, long offset, long length) throws NativeFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment range = arena.allocateFrom(JAVA_LONG, offset, length);
      callInt("BLKZEROOUT", IOCTL, fd, BLKZEROOUT, range.address(), 0, 0);
    }
  }

  static long seek(int fd, long offset, int whence) throws NativeFailure {
    return call("lseek", LSEEK, fd, offset, whence, 0, 0, 0);
  }

  /** Makes the bytes zero and gives their space back; the size stays. Devices know it too. */
  static void punchHole(int fd, long offset, long length) throws NativeFailure {
    int mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
    callInt("fallocate", FALLOCATE, fd, mode, offset, length, 0);
  }

  static void truncate(int fd, long size) throws NativeFailure {
    callInt("ftruncate", FTRUNCATE, fd, size, 0, 0, 0);
  }

  static void sync(int fd) throws NativeFailure {
    callInt("fsync", FSYNC, fd, 0, 0, 0, 0);
  }

  /** A hint for the whole file; what comes of it does not matter. */
  static void advise(int fd, int advice) {
    try (Arena arena = Arena.ofConfined()) {
      invoke(arena.allocate(STATE), POSIX_FADVISE, fd, 0, 0, advice, 0, 0);
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
      long name = arena.allocateFrom(path).address();
      MemorySegment out = arena.allocate(FileStatus.STATX_BYTES, Long.BYTES);
      callInt("statx", STATX, fd, name, flags, STATX_BASIC_STATS_AND_DIOALIGN, out.address());
      return FileStatus.parse(out);
    }
  }

  static int pageSize() {
    try (Arena arena = Arena.ofConfined()) {
      return (int) invoke(arena.allocate(STATE), GETPAGESIZE, 0, 0, 0, 0, 0, 0);
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
    long start;
    try {
      start =
          call("mmap", MMAP, 0, length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0);
    } catch (NativeFailure e) {
      throw new OutOfMemoryError(length + " bytes: " + e.getMessage());
    }
    long aligned = Math.ceilDiv(start, alignment) * alignment;
    try (Arena call = Arena.ofConfined()) {
      // A hint: systems without huge pages answer with an error.
      invoke(call.allocate(STATE), MADVISE, aligned, bytes, MADV_HUGEPAGE, 0, 0, 0);
    }
    return MemorySegment.ofAddress(aligned).reinterpret(bytes, arena, all -> unmap(start, length));
  }

  private static void unmap(long start, long length) {
    try (Arena call = Arena.ofConfined()) {
      invoke(call.allocate(STATE), MUNMAP, start, length, 0, 0, 0, 0);
    }
  }

  private static long transfer(
      String what, MethodHandle function, int fd, MemorySegment memory, long offset)
      throws NativeFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long result;
      do {
        result = (long) function.invokeExact(state, (long) fd, memory, memory.byteSize(), offset);
      } while (result < 0 && isInterruption(what, state));
      return result;
    } catch (NativeFailure | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(what, e);
    }
  }

  /** For functions that return an {@code int}. */
  private static int callInt(
      String what, MethodHandle function, long a, long b, long c, long d, long e)
      throws NativeFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result;
      do {
        result = (int) invoke(state, function, a, b, c, d, e, 0);
      } while (result < 0 && isInterruption(what, state));
      return result;
    }
  }

  /** For functions that return 64 bits. */
  private static long call(
      String what, MethodHandle function, long a, long b, long c, long d, long e, long f)
      throws NativeFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long result;
      do {
        result = invoke(state, function, a, b, c, d, e, f);
      } while (result < 0 && isInterruption(what, state));
      return result;
    }
  }

  private static long invoke(
      MemorySegment state, MethodHandle function, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) function.invokeExact(state, a, b, c, d, e, f);
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable thrown) {
      throw new AssertionError(thrown);
    }
  }

  /** Whether the call was only interrupted by a signal and is to be repeated. */
  private static boolean isInterruption(String what, MemorySegment state) throws NativeFailure {
    int errno = (int) ERRNO.get(state, 0L);
    if (errno == Errno.EINTR) {
      return true;
    }
    throw new NativeFailure(what, errno);
  }
}
