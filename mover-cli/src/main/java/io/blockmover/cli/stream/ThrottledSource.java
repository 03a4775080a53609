package io.blockmover.cli.stream;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.repository.store.BandwidthLimit;
import io.blockmover.repository.store.Timing;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A source that is read no faster than the user allows. */
public final class ThrottledSource implements BlockSource {

  private final BlockSource next;
  private final BandwidthLimit limit;

  /**
   * @param bytesPerSecond 0 for no limit
   */
  public ThrottledSource(BlockSource next, long bytesPerSecond) {
    this.next = next;
    this.limit = new BandwidthLimit(bytesPerSecond, Timing.system());
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
    limit.acquire(into.remaining());
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
