package io.blockmover.engine.backup;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.source.ForwardingBlockSource;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** Remembers where it was read, and can do something before a read. */
final class WatchedSource extends ForwardingBlockSource {

  private final long fatalRead;
  private final Runnable before;
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong lowest = new AtomicLong(Long.MAX_VALUE);

  WatchedSource(BlockSource next) {
    this(next, -1, () -> {});
  }

  WatchedSource(BlockSource next, long fatalRead, Runnable before) {
    super(next);
    this.fatalRead = fatalRead;
    this.before = before;
  }

  long bytesRead() {
    return bytes.get();
  }

  /** The lowest offset that was read; MAX_VALUE if none. */
  long lowestOffset() {
    return lowest.get();
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    if (reads.incrementAndGet() == fatalRead) {
      before.run();
    }
    lowest.accumulateAndGet(offset, Math::min);
    int read = super.read(offset, into);
    bytes.addAndGet(read);
    return read;
  }
}
