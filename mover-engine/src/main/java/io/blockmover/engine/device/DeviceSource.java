package io.blockmover.engine.device;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ExtentCursor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A block device or image file that is read. */
final class DeviceSource implements BlockSource {
  private static final Logger log = LoggerFactory.getLogger(DeviceSource.class);

  private final BlockFile file;
  private final FileStatus opened;

  /**
   * @param opened what it was when it was opened
   */
  DeviceSource(BlockFile file, FileStatus opened) {
    this.file = file;
    this.opened = opened;
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
  public Optional<String> immutableIdentity() {
    return Optional.empty();
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    if (offset < 0 || offset > sizeBytes()) {
      throw new IllegalArgumentException("offset " + offset + " of " + sizeBytes() + " bytes");
    }
    if (!into.isDirect()) {
      throw new IllegalArgumentException("not a direct buffer");
    }
    int wanted = (int) Math.min(into.remaining(), sizeBytes() - offset);
    MemorySegment memory = MemorySegment.ofBuffer(into);
    if (wanted > 0 && !file.isAligned(offset | into.remaining() | memory.address())) {
      throw new IllegalArgumentException(
          "offset " + offset + " or the buffer is not aligned to " + alignmentBytes());
    }
    long done = read(offset, memory.asSlice(0, wanted));
    into.position(into.position() + (int) done);
    return (int) done;
  }

  private long read(long offset, MemorySegment into) throws MoverException {
    try {
      long done = file.read(offset, into);
      if (done < into.byteSize()) {
        throw DeviceErrors.onEarlyEnd(file, offset + done);
      }
      return done;
    } catch (NativeFailure e) {
      Extent left = Extent.between(e.offset(), offset + into.byteSize());
      throw DeviceErrors.onRead(file, left, e);
    }
  }

  @Override
  public Optional<ExtentCursor> allocated(Extent within) throws MoverException {
    return file.isDevice() ? Optional.empty() : DataExtents.of(file, within);
  }

  @Override
  public void requireStillValid() throws MoverException {
    try {
      long now = file.sizeNow();
      if (now != sizeBytes()) {
        throw DeviceErrors.changedSize(file, now);
      }
      if (isWrittenTo()) {
        log.warn("{} was written to while it was read: the backup may mix moments of it", name());
      }
    } catch (NativeFailure e) {
      throw DeviceErrors.onRead(file, new Extent(0, Math.max(1, sizeBytes())), e);
    }
  }

  /** Whether a file was changed since; of devices this cannot be known. */
  boolean isWrittenTo() throws NativeFailure, MoverException {
    return !file.isDevice()
        && file.onDescriptor(fd -> NativeIo.status(fd).modified()) != opened.modified();
  }

  @Override
  public void close() {
    file.close();
  }
}
