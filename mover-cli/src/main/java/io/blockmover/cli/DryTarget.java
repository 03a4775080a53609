package io.blockmover.cli;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.source.BlockTarget;
import java.nio.ByteBuffer;

/**
 * A file as a target that is only looked at: opened for reading, and as large as a restore would
 * make it. What the file does not have yet reads as zeros.
 */
final class DryTarget implements BlockTarget {

  private final BlockSource file;
  private final long sizeBytes;

  DryTarget(BlockSource file, long neededBytes) {
    this.file = file;
    this.sizeBytes = Math.max(file.sizeBytes(), neededBytes);
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public int alignmentBytes() {
    return file.alignmentBytes();
  }

  @Override
  public boolean startsAsZeros() {
    return file.sizeBytes() == 0;
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    int start = into.position();
    int wanted = (int) Math.min(into.remaining(), Math.max(0, sizeBytes - offset));
    if (offset < file.sizeBytes()) {
      file.read(offset, into);
    }
    while (into.position() < start + wanted) {
      into.put((byte) 0);
    }
    return wanted;
  }

  @Override
  public void write(long offset, ByteBuffer from) {
    throw new IllegalStateException("a dry run writes nothing");
  }

  @Override
  public void zero(Extent extent) {
    throw new IllegalStateException("a dry run zeroes nothing");
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    file.close();
  }
}
