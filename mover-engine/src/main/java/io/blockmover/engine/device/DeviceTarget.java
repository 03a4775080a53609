package io.blockmover.engine.device;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/** A block device or image file that is written. */
final class DeviceTarget implements BlockTarget {
  private final BlockFile file;
  private final boolean startsAsZeros;
  private final UnalignedAccess unaligned;
  private final Zeroing zeroing;
  private final AtomicBoolean flushFailed = new AtomicBoolean();

  DeviceTarget(BlockFile file, boolean startsAsZeros) {
    this.file = file;
    this.startsAsZeros = startsAsZeros;
    this.unaligned = new UnalignedAccess(file);
    this.zeroing = new Zeroing(file, unaligned);
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public long sizeBytes() {
    return file.sizeBytes();
  }

  @Override
  public int alignmentBytes() {
    return file.alignmentBytes();
  }

  @Override
  public boolean startsAsZeros() {
    return startsAsZeros;
  }

  @Override
  public void write(long offset, ByteBuffer from) throws MoverException {
    requireInside(offset, from.remaining());
    MemorySegment bytes = MemorySegment.ofBuffer(from);
    try {
      if (isAligned(offset, from, bytes)) {
        file.write(offset, bytes);
      } else {
        unaligned.write(offset, bytes);
      }
    } catch (NativeFailure e) {
      throw DeviceErrors.onTarget(file, "written", e);
    }
    from.position(from.limit());
  }

  @Override
  public void zero(Extent extent) throws MoverException {
    requireInside(extent.offset(), extent.length());
    try {
      zeroing.zero(extent);
    } catch (NativeFailure e) {
      throw DeviceErrors.onTarget(file, "zeroed", e);
    }
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    if (offset < 0 || offset > sizeBytes()) {
      throw new IllegalArgumentException("offset " + offset + " of " + sizeBytes() + " bytes");
    }
    int wanted = (int) Math.min(into.remaining(), sizeBytes() - offset);
    MemorySegment bytes = MemorySegment.ofBuffer(into).asSlice(0, wanted);
    try {
      long done =
          isAligned(offset, into, bytes) ? file.read(offset, bytes) : unaligned.read(offset, bytes);
      if (done < wanted) {
        throw DeviceErrors.onEarlyEnd(file, offset + done);
      }
    } catch (NativeFailure e) {
      throw DeviceErrors.onTarget(file, "read back", e);
    }
    into.position(into.position() + wanted);
    return wanted;
  }

  /** Whether the bytes can be transferred as they are; the volume's last partial block may be. */
  private boolean isAligned(long offset, ByteBuffer buffer, MemorySegment bytes) {
    long end = offset + bytes.byteSize();
    return buffer.isDirect()
        && file.isAligned(offset | bytes.address())
        && (file.isAligned(end) || end == sizeBytes());
  }

  private void requireInside(long offset, long length) {
    if (offset < 0 || length > sizeBytes() - offset) {
      throw new IllegalArgumentException(
          length + " bytes at " + offset + " are not within " + sizeBytes() + " bytes");
    }
  }

  @Override
  public void flush() throws MoverException {
    // After a failed flush the kernel reports success for data that it has dropped: ask only once.
    if (flushFailed.get()) {
      throw new DeviceFailed(
          name() + " could not be flushed before; what was written to it is unknown",
          "restore again");
    }
    try {
      file.flush();
    } catch (NativeFailure e) {
      flushFailed.set(true);
      throw new DeviceFailed(
          name() + " cannot be flushed: " + e.getMessage() + "; what was written to it is unknown",
          "check the device's health (dmesg), then restore again",
          e);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
