package io.blockmover.cbt.k8s;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.cbt.k8s.serve.ServedSnapshots;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Snapshots with every second block of 4 KiB written, as many as one wants, in no memory. */
final class GeneratedSnapshots implements ServedSnapshots {

  private static final long STEP = 8192;

  private final long extents;
  private final Runnable whenClosed;

  /**
   * @param whenClosed called when a list is closed
   */
  GeneratedSnapshots(long extents, Runnable whenClosed) {
    this.extents = extents;
    this.whenClosed = whenClosed;
  }

  @Override
  public ServedSnapshot open(String namespace, String name) {
    return new ServedSnapshot() {
      @Override
      public ChangeTracker tracker() {
        return new Tracker();
      }

      @Override
      public long sizeBytes() {
        return extents * STEP;
      }

      @Override
      public ChangeId base(String id) {
        return new ChangeId(id);
      }

      @Override
      public void close() {}
    };
  }

  private final class Tracker implements ChangeTracker {
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
        private long next = fromOffset / STEP;

        @Override
        public @Nullable Extent next() {
          while (next < extents) {
            long offset = Math.max(next * STEP, fromOffset);
            long end = next * STEP + STEP / 2;
            next++;
            if (offset < end) {
              return Extent.between(offset, end);
            }
          }
          return null;
        }

        @Override
        public void close() {
          whenClosed.run();
        }
      };
    }

    @Override
    public ExtentCursor changedSince(ChangeId base, long fromOffset) {
      return allocated(fromOffset);
    }

    @Override
    public void close() {}
  }
}
