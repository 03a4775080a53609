package io.blockmover.testkit;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ExtentCursor;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The base of sources that are wrong. */
class ForwardingBlockSource implements BlockSource {

  final BlockSource next;

  ForwardingBlockSource(BlockSource next) {
    this.next = next;
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
  public void close() {
    next.close();
  }
}
