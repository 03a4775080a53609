package io.blockmover.api.source;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ExtentCursor;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Passes every call on to another source: the base of wrappers, which differ in a call or two. */
public abstract class ForwardingBlockSource implements BlockSource {

  private final BlockSource next;

  protected ForwardingBlockSource(BlockSource next) {
    this.next = next;
  }

  /** The source that calls are passed on to. */
  protected final BlockSource next() {
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
  public Optional<String> immutableIdentity() {
    return next.immutableIdentity();
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    return next.read(offset, into);
  }

  @Override
  public Optional<ExtentCursor> allocated(Extent within) throws MoverException {
    return next.allocated(within);
  }

  @Override
  public void requireStillValid() throws MoverException {
    next.requireStillValid();
  }

  @Override
  public void close() {
    next.close();
  }
}
