package io.blockmover.ceph.rbd.volume;

import io.blockmover.api.Cancelled;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An image that is written through librbd, without cache: what a write returned from is on the
 * OSDs. A connection that was fenced off stays so: somebody else may own the image by then.
 */
final class RbdTarget implements BlockTarget {

  /** 64 objects of the usual size at once. */
  private static final long ZERO_BYTES = 256L << 20;

  /** Pieces of what lies outside of native memory. */
  private static final int COPY_BYTES = 1 << 20;

  private final String name;
  private final OpenImage open;
  private final long sizeBytes;
  private final boolean startsAsZeros;
  private final AtomicBoolean flushFailed = new AtomicBoolean();

  /**
   * @param open taken over
   */
  RbdTarget(String name, OpenImage open, long sizeBytes, boolean startsAsZeros) {
    this.name = name;
    this.open = open;
    this.sizeBytes = sizeBytes;
    this.startsAsZeros = startsAsZeros;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public int alignmentBytes() {
    return 1;
  }

  @Override
  public boolean startsAsZeros() {
    return startsAsZeros;
  }

  @Override
  public void write(long offset, ByteBuffer from) throws MoverException {
    requireInside(offset, from.remaining());
    requireNotInterrupted();
    MemorySegment bytes = MemorySegment.ofBuffer(from);
    try {
      if (bytes.isNative()) {
        open.image().write(offset, bytes);
      } else {
        writeCopy(offset, bytes);
      }
    } catch (CephFailure e) {
      throw failed(e);
    }
    from.position(from.limit());
  }

  private void writeCopy(long offset, MemorySegment bytes) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(Math.min(COPY_BYTES, bytes.byteSize()));
      for (long done = 0; done < bytes.byteSize(); done += copy.byteSize()) {
        long length = Math.min(copy.byteSize(), bytes.byteSize() - done);
        MemorySegment.copy(bytes, done, copy, 0, length);
        open.image().write(offset + done, copy.asSlice(0, length));
      }
    }
  }

  @Override
  public void zero(Extent extent) throws MoverException {
    requireInside(extent.offset(), extent.length());
    long from = extent.offset();
    while (from < extent.end()) {
      requireNotInterrupted();
      long to = Math.min(extent.end(), (from / ZERO_BYTES + 1) * ZERO_BYTES);
      try {
        open.image().writeZeroes(from, to - from);
      } catch (CephFailure e) {
        throw failed(e);
      }
      from = to;
    }
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    if (offset < 0 || offset > sizeBytes) {
      throw new IllegalArgumentException("offset " + offset + " of " + sizeBytes + " bytes");
    }
    requireNotInterrupted();
    int wanted = (int) Math.min(into.remaining(), sizeBytes - offset);
    if (wanted == 0) {
      return 0;
    }
    MemorySegment bytes = MemorySegment.ofBuffer(into).asSlice(0, wanted);
    int read;
    try {
      read = bytes.isNative() ? open.image().read(offset, bytes) : readCopy(offset, bytes);
    } catch (CephFailure e) {
      throw failed(e);
    }
    if (read < wanted) {
      throw new DeviceFailed(
          name + " ended at " + (offset + read) + " of " + sizeBytes + " bytes",
          "somebody made it smaller; restore again");
    }
    into.position(into.position() + wanted);
    return wanted;
  }

  private int readCopy(long offset, MemorySegment bytes) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(bytes.byteSize());
      int read = open.image().read(offset, copy);
      MemorySegment.copy(copy, 0, bytes, 0, read);
      return read;
    }
  }

  @Override
  public void flush() throws MoverException {
    if (flushFailed.get()) {
      throw new DeviceFailed(
          name + " could not be flushed before; what was written to it is unknown",
          "restore again");
    }
    try {
      open.image().flush();
    } catch (CephFailure e) {
      flushFailed.set(true);
      throw new DeviceFailed(
          e.getMessage() + "; what was written is unknown", "restore again: " + e.advice(), e);
    }
  }

  @Override
  public void close() {
    open.close();
  }

  private void requireInside(long offset, long length) {
    if (offset < 0 || length > sizeBytes - offset) {
      throw new IllegalArgumentException(
          length + " bytes at " + offset + " are not within " + sizeBytes + " bytes");
    }
  }

  private void requireNotInterrupted() throws Cancelled {
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("interrupted at work on " + name, "");
    }
  }

  private MoverException failed(CephFailure e) {
    return switch (e.errno()) {
      case BLOCKLISTED ->
          new DeviceFailed(
              name + ": " + e.getMessage() + "; somebody else may own the image now",
              "find out who (`rbd status`, `ceph osd blocklist ls`), then restore again with"
                  + " --differential --force",
              e);
      case READ_ONLY ->
          new DeviceFailed(
              name + ": " + e.getMessage(),
              "another client has locked it, or it is the copy of a mirrored image",
              e);
      default -> e.asDeviceFailure();
    };
  }
}
