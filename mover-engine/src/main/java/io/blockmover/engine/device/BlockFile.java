package io.blockmover.engine.device;

import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An open block device or regular file, with whole transfers at aligned places. Past the page cache
 * where possible; only the last partial block, if the size is not a multiple of the alignment, goes
 * through the cache, by a descriptor of its own.
 */
final class BlockFile implements AutoCloseable {
  private final String name;
  private final boolean device;
  private final Descriptor main;
  private final @Nullable Descriptor tail;
  private final long sizeBytes;
  private final int alignmentBytes;

  private BlockFile(
      String name,
      boolean device,
      Descriptor main,
      @Nullable Descriptor tail,
      long sizeBytes,
      int alignmentBytes) {
    this.name = name;
    this.device = device;
    this.main = main;
    this.tail = tail;
    this.sizeBytes = sizeBytes;
    this.alignmentBytes = alignmentBytes;
  }

  /**
   * Takes over an open descriptor; closes it on failure.
   *
   * @param access O_RDONLY or O_RDWR, as it was opened
   * @param alignmentBytes of transfers; 1 if it is not open for O_DIRECT
   */
  static BlockFile over(String name, FileStatus status, int fd, int access, int alignmentBytes)
      throws NativeFailure {
    Descriptor main = new Descriptor(name, fd);
    try {
      long size = size(fd, status.isBlockDevice());
      Descriptor tail = null;
      if (size % alignmentBytes != 0) {
        // By the descriptor and not by the path, which may mean another file by now.
        Path same = Path.of("/proc/self/fd/" + fd);
        tail = new Descriptor(name, NativeIo.open(same, access));
      }
      return new BlockFile(name, status.isBlockDevice(), main, tail, size, alignmentBytes);
    } catch (NativeFailure | RuntimeException e) {
      main.close();
      throw e;
    }
  }

  static long size(int fd, boolean device) throws NativeFailure {
    return device ? NativeIo.askLong(fd, NativeIo.BLKGETSIZE64) : NativeIo.status(fd).sizeBytes();
  }

  String name() {
    return name;
  }

  boolean isDevice() {
    return device;
  }

  /** As it was when it was opened. */
  long sizeBytes() {
    return sizeBytes;
  }

  int alignmentBytes() {
    return alignmentBytes;
  }

  /** The end of what is transferred in aligned blocks. */
  long alignedEnd() {
    return sizeBytes - sizeBytes % alignmentBytes;
  }

  boolean isAligned(long value) {
    return (value & (alignmentBytes - 1)) == 0;
  }

  /** The size now; of a device that vanished, 0 or a failure. */
  long sizeNow() throws NativeFailure, MoverException {
    return onDescriptor(fd -> size(fd, device));
  }

  /**
   * Reads until the memory is full or the file ends.
   *
   * @param offset aligned, as is the length up to the last partial block
   * @return fewer bytes than asked for only if the file ends there
   * @throws NativeFailure with the offset where it happened
   * @throws MoverException if it is closed or the thread is interrupted
   */
  long read(long offset, MemorySegment into) throws NativeFailure, MoverException {
    return transfer(NativeIo::pread, offset, into);
  }

  /** Writes everything, within the size; otherwise as {@link #read}. */
  void write(long offset, MemorySegment from) throws NativeFailure, MoverException {
    long written = transfer(NativeIo::pwrite, offset, from);
    if (written < from.byteSize()) {
      throw new NativeFailure("write", Errno.ENOSPC).at(offset + written);
    }
  }

  private long transfer(Syscall call, long offset, MemorySegment memory)
      throws NativeFailure, MoverException {
    long bulk = Math.clamp(alignedEnd() - offset, 0, memory.byteSize());
    long done = transfer(call, main, offset, memory.asSlice(0, bulk));
    if (tail == null || done < bulk || bulk == memory.byteSize()) {
      return done;
    }
    return done + transfer(call, tail, offset + bulk, memory.asSlice(bulk));
  }

  private long transfer(Syscall call, Descriptor descriptor, long offset, MemorySegment memory)
      throws NativeFailure, MoverException {
    long done = 0;
    int fd = descriptor.enter();
    try {
      while (done < memory.byteSize()) {
        requireNotInterrupted();
        long now = call.run(fd, memory.asSlice(done), offset + done);
        done += now;
        // Past the cache, an odd number of bytes only comes where the file ends.
        if (now == 0 || (descriptor == main && !isAligned(now))) {
          break;
        }
      }
      return done;
    } catch (NativeFailure e) {
      throw e.at(offset + done);
    } finally {
      descriptor.leave();
    }
  }

  private void requireNotInterrupted() throws Cancelled {
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("interrupted at work on " + name, "");
    }
  }

  /** Returns when everything written is durable, the size too. */
  void flush() throws NativeFailure, MoverException {
    onDescriptor(
        fd -> {
          NativeIo.sync(fd);
          // What is read back now comes from below the cache, even where that had to be used.
          NativeIo.advise(fd, NativeIo.POSIX_FADV_DONTNEED);
          return 0;
        });
  }

  /** Makes a call that needs the descriptor's number. */
  long onDescriptor(DescriptorCall call) throws NativeFailure, MoverException {
    int fd = main.enter();
    try {
      return call.run(fd);
    } finally {
      main.leave();
    }
  }

  @Override
  public void close() {
    if (tail != null) {
      tail.close();
    }
    main.close();
  }

  /** A call on a descriptor's number. */
  interface DescriptorCall {
    long run(int fd) throws NativeFailure;
  }

  private interface Syscall {
    long run(int fd, MemorySegment memory, long offset) throws NativeFailure;
  }
}
