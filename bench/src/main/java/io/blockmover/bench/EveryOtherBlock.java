package io.blockmover.bench;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.cbt.k8s.serve.ServedSnapshots;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot whose every second block of 4 KiB is written, in no memory.
 *
 * @param extents how many
 */
record EveryOtherBlock(long extents) implements ServedSnapshots, ChangeTracker {

  static final long BLOCK_BYTES = 4096;

  long sizeBytes() {
    return extents * 2 * BLOCK_BYTES;
  }

  @Override
  public ServedSnapshot open(String namespace, String name) {
    return new ServedSnapshot() {
      @Override
      public ChangeTracker tracker() {
        return EveryOtherBlock.this;
      }

      @Override
      public long sizeBytes() {
        return EveryOtherBlock.this.sizeBytes();
      }

      @Override
      public ChangeId base(String id) {
        return new ChangeId(id);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public ExtentQuality quality() {
    return ExtentQuality.EXACT;
  }

  @Override
  public Optional<ChangeId> changeId() {
    return Optional.empty();
  }

  @Override
  public ExtentCursor allocated(long fromOffset) {
    return new ExtentCursor() {
      private long next = fromOffset / (2 * BLOCK_BYTES);

      @Override
      public @Nullable Extent next() {
        return next < extents ? new Extent(next++ * 2 * BLOCK_BYTES, BLOCK_BYTES) : null;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public ExtentCursor changedSince(ChangeId base, long fromOffset) {
    return allocated(fromOffset);
  }

  @Override
  public void close() {}
}
