package io.blockmover.cli.stream;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.source.ForwardingBlockSource;
import io.blockmover.repository.store.BandwidthLimit;
import io.blockmover.repository.store.Timing;
import java.nio.ByteBuffer;

/** A source that is read no faster than the user allows. */
public final class ThrottledSource extends ForwardingBlockSource {

  private final BandwidthLimit limit;

  /**
   * @param bytesPerSecond 0 for no limit
   */
  public ThrottledSource(BlockSource next, long bytesPerSecond) {
    super(next);
    this.limit = new BandwidthLimit(bytesPerSecond, Timing.system());
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    limit.acquire(into.remaining());
    return super.read(offset, into);
  }
}
