package io.blockmover.engine.restore;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import java.nio.ByteBuffer;

/** A target that says it wrote everything, and drops one byte. */
final class ForgetfulTarget implements BlockTarget {

  private final BlockTarget target;
  private final long dropped;

  ForgetfulTarget(BlockTarget target, long dropped) {
    this.target = target;
    this.dropped = dropped;
  }

  @Override
  public String name() {
    return "forgetful target";
  }

  @Override
  public long sizeBytes() {
    return target.sizeBytes();
  }

  @Override
  public int alignmentBytes() {
    return target.alignmentBytes();
  }

  @Override
  public boolean startsAsZeros() {
    return target.startsAsZeros();
  }

  @Override
  public void write(long offset, ByteBuffer from) throws MoverException {
    long end = offset + from.remaining();
    target.write(offset, from);
    if (offset <= dropped && dropped < end) {
      ByteBuffer old = ByteBuffer.allocateDirect(1);
      target.read(dropped, old);
      target.write(dropped, ByteBuffer.allocateDirect(1).put((byte) ~old.get(0)).flip());
    }
  }

  @Override
  public void zero(Extent extent) throws MoverException {
    target.zero(extent);
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    return target.read(offset, into);
  }

  @Override
  public void flush() throws MoverException {
    target.flush();
  }

  @Override
  public void close() {
    target.close();
  }
}
