package io.blockmover.api.source;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import java.nio.ByteBuffer;

/** Passes every call on to another target: the base of wrappers, which differ in a call or two. */
public abstract class ForwardingBlockTarget implements BlockTarget {

  private final BlockTarget next;

  protected ForwardingBlockTarget(BlockTarget next) {
    this.next = next;
  }

  /** The target that calls are passed on to. */
  protected final BlockTarget next() {
    return next;
  }

  @Override
  public String name() {
    return next.name();
  }

  @Override
  public long sizeBytes() {
    return next.sizeBytes();
  }

  @Override
  public int alignmentBytes() {
    return next.alignmentBytes();
  }

  @Override
  public boolean startsAsZeros() {
    return next.startsAsZeros();
  }

  @Override
  public void write(long offset, ByteBuffer from) throws MoverException {
    next.write(offset, from);
  }

  @Override
  public void zero(Extent extent) throws MoverException {
    next.zero(extent);
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    return next.read(offset, into);
  }

  @Override
  public void flush() throws MoverException {
    next.flush();
  }

  @Override
  public void close() {
    next.close();
  }
}
