package io.blockmover.testkit;

import io.blockmover.api.Cancelled;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ExtentCursor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A volume in memory; what it was given may be changed underneath, as a live device is. Strict:
 * refuses what its declared alignment forbids. Thread-safe.
 */
public final class MemoryBlockSource implements BlockSource {

  private final String name;
  private final byte[] content;
  private final int alignmentBytes;
  private final @Nullable String identity;
  private final @Nullable List<Extent> allocated;
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong bytesRead = new AtomicLong();
  private volatile boolean closed;

  /** A live volume that takes any offset and knows nothing of holes. */
  public MemoryBlockSource(byte[] content) {
    this("memory", content, 1, null, null);
  }

  private MemoryBlockSource(
      String name,
      byte[] content,
      int alignmentBytes,
      @Nullable String identity,
      @Nullable List<Extent> allocated) {
    this.name = name;
    this.content = content;
    this.alignmentBytes = alignmentBytes;
    this.identity = identity;
    this.allocated = allocated;
  }

  /** The same content under another name. */
  public MemoryBlockSource named(String newName) {
    return new MemoryBlockSource(newName, content, alignmentBytes, identity, allocated);
  }

  /** The same content on a device that wants alignment. */
  public MemoryBlockSource aligned(int bytes) {
    return new MemoryBlockSource(name, content, bytes, identity, allocated);
  }

  /** The same content as a snapshot that never changes. */
  public MemoryBlockSource immutable(String newIdentity) {
    return new MemoryBlockSource(name, content, alignmentBytes, newIdentity, allocated);
  }

  /** The same content, with the extents known that may hold something. */
  public MemoryBlockSource allocatedIn(List<Extent> extents) {
    return new MemoryBlockSource(name, content, alignmentBytes, identity, List.copyOf(extents));
  }

  /** How many reads were made. */
  public long reads() {
    return reads.get();
  }

  /** How many bytes were read. */
  public long bytesRead() {
    return bytesRead.get();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long sizeBytes() {
    return content.length;
  }

  @Override
  public int alignmentBytes() {
    return alignmentBytes;
  }

  @Override
  public Optional<String> immutableIdentity() {
    return Optional.ofNullable(identity);
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    requireOpen();
    Alignment.require(alignmentBytes, offset, into);
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("interrupted before reading " + name, "");
    }
    if (offset < 0 || offset > content.length) {
      throw new IllegalArgumentException("offset " + offset + " of " + content.length);
    }
    int length = (int) Math.min(into.remaining(), content.length - offset);
    into.put(content, (int) offset, length);
    reads.incrementAndGet();
    bytesRead.addAndGet(length);
    return length;
  }

  @Override
  public Optional<ExtentCursor> allocated(Extent within) throws MoverException {
    requireOpen();
    return Optional.ofNullable(allocated)
        .map(extents -> ExtentCursor.of(Extents.clip(extents, within)));
  }

  @Override
  public void close() {
    closed = true;
  }

  private void requireOpen() throws DeviceFailed {
    if (closed) {
      throw new DeviceFailed(name + " is closed", "");
    }
  }
}
