package io.blockmover.testkit;

import io.blockmover.api.Cancelled;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A volume in memory to be written. Thread-safe for extents that do not overlap. */
public final class MemoryBlockTarget implements BlockTarget {

  private final byte[] content;
  private final boolean startsAsZeros;
  private final AtomicLong bytesWritten = new AtomicLong();
  private final AtomicLong bytesZeroed = new AtomicLong();
  private final AtomicLong bytesRead = new AtomicLong();
  private final AtomicLong flushes = new AtomicLong();
  private final AtomicReference<@Nullable Extent> broken = new AtomicReference<>();
  private volatile boolean closed;

  /** A new target, all zeros and known to be. */
  public MemoryBlockTarget(int sizeBytes) {
    this(new byte[sizeBytes], true);
  }

  /** A target that holds something, or may. */
  public MemoryBlockTarget(byte[] content, boolean startsAsZeros) {
    this.content = content;
    this.startsAsZeros = startsAsZeros;
  }

  /** A copy of what it holds now. */
  public byte[] content() {
    return content.clone();
  }

  /** How many bytes were written with data. */
  public long bytesWritten() {
    return bytesWritten.get();
  }

  /** How many bytes were zeroed. */
  public long bytesZeroed() {
    return bytesZeroed.get();
  }

  /** How many bytes were read back. */
  public long bytesRead() {
    return bytesRead.get();
  }

  /** How often it was flushed. */
  public long flushes() {
    return flushes.get();
  }

  /** From now on, writes that touch this extent fail. */
  public void breakAt(Extent extent) {
    broken.set(extent);
  }

  @Override
  public String name() {
    return "memory target";
  }

  @Override
  public long sizeBytes() {
    return content.length;
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
    int length = from.remaining();
    requireWritable(offset, length);
    from.get(content, (int) offset, length);
    bytesWritten.addAndGet(length);
  }

  @Override
  public void zero(Extent extent) throws MoverException {
    requireWritable(extent.offset(), extent.length());
    Arrays.fill(content, (int) extent.offset(), (int) extent.end(), (byte) 0);
    bytesZeroed.addAndGet(extent.length());
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    requireUsable();
    if (offset < 0 || offset > content.length) {
      throw new IllegalArgumentException("offset " + offset + " of " + content.length);
    }
    int length = (int) Math.min(into.remaining(), content.length - offset);
    into.put(content, (int) offset, length);
    bytesRead.addAndGet(length);
    return length;
  }

  @Override
  public void flush() throws MoverException {
    requireUsable();
    flushes.incrementAndGet();
  }

  @Override
  public void close() {
    closed = true;
  }

  private void requireWritable(long offset, long length) throws MoverException {
    requireUsable();
    if (offset < 0 || length > content.length - offset) {
      throw new IllegalArgumentException(
          "writing " + length + " bytes at " + offset + " of " + content.length);
    }
    Extent bad = broken.get();
    if (bad != null && length > 0 && bad.overlaps(new Extent(offset, length))) {
      throw new DeviceFailed("cannot write " + name() + " at " + offset + ": on purpose", "");
    }
  }

  private void requireUsable() throws MoverException {
    if (closed) {
      throw new DeviceFailed(name() + " is closed", "");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("interrupted at " + name(), "");
    }
  }
}
