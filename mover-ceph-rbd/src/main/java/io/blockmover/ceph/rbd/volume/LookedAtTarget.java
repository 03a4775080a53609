package io.blockmover.ceph.rbd.volume;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.source.BlockTarget;
import java.nio.ByteBuffer;

/** An image as a target of which only is said what would be written. */
final class LookedAtTarget implements BlockTarget {

  private final BlockSource image;

  LookedAtTarget(BlockSource image) {
    this.image = image;
  }

  @Override
  public String name() {
    return image.name();
  }

  @Override
  public long sizeBytes() {
    return image.sizeBytes();
  }

  @Override
  public int alignmentBytes() {
    return 1;
  }

  @Override
  public boolean startsAsZeros() {
    return false;
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    return image.read(offset, into);
  }

  @Override
  public void write(long offset, ByteBuffer from) {
    throw new IllegalStateException("it was opened only to be looked at");
  }

  @Override
  public void zero(Extent extent) {
    throw new IllegalStateException("it was opened only to be looked at");
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    image.close();
  }
}
