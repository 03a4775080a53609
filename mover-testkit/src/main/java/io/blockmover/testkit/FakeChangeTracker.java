package io.blockmover.testkit;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingInterrupted;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A tracker that says what a test tells it to, true or not. Thread-safe. */
public final class FakeChangeTracker implements ChangeTracker {

  private final ExtentQuality quality;
  private final @Nullable ChangeId changeId;
  private final Map<ChangeId, List<Extent>> changes = new ConcurrentHashMap<>();
  private final AtomicLong queries = new AtomicLong();
  private volatile @Nullable List<Extent> allocated;
  private volatile @Nullable Supplier<? extends MoverException> failure;
  private final Queue<Long> breaks = new ConcurrentLinkedQueue<>();
  private volatile long stuckAt = Long.MAX_VALUE;
  private volatile long unavailableAt = Long.MAX_VALUE;
  private volatile boolean closed;

  /**
   * @param changeId what to record for next time; null for nothing
   */
  public FakeChangeTracker(ExtentQuality quality, @Nullable String changeId) {
    this.quality = quality;
    this.changeId = changeId == null ? null : new ChangeId(changeId);
  }

  /** What to answer for allocated extents; before this, that it cannot say. */
  public FakeChangeTracker withAllocated(List<Extent> extents) {
    allocated = List.copyOf(extents);
    return this;
  }

  /**
   * What to answer for changes since a base, in this order, true or not; other bases are missing.
   */
  public FakeChangeTracker withChanges(String base, List<Extent> extents) {
    changes.put(new ChangeId(base), List.copyOf(extents));
    return this;
  }

  /** All further questions fail. */
  public FakeChangeTracker failing(Supplier<? extends MoverException> with) {
    failure = with;
    return this;
  }

  /**
   * The next stream that comes to this offset breaks there, once, and can be resumed. May be called
   * for several offsets, ascending.
   */
  public FakeChangeTracker breakingAt(long offset) {
    breaks.add(offset);
    return this;
  }

  /** No stream ever gets beyond this offset: each breaks there. */
  public FakeChangeTracker stuckAt(long offset) {
    stuckAt = offset;
    return this;
  }

  /** Streams that come to this offset cannot be answered any further. */
  public FakeChangeTracker unavailableAt(long offset) {
    unavailableAt = offset;
    return this;
  }

  /** How many streams were opened. */
  public long queries() {
    return queries.get();
  }

  /** Whether it was closed. */
  public boolean closed() {
    return closed;
  }

  @Override
  public ExtentQuality quality() {
    return quality;
  }

  @Override
  public Optional<ChangeId> changeId() {
    return Optional.ofNullable(changeId);
  }

  @Override
  public ExtentCursor allocated(long fromOffset) throws MoverException {
    begin();
    List<Extent> extents = allocated;
    if (extents == null) {
      throw new TrackingUnavailable("allocated extents are not known, on purpose", "");
    }
    return stream(extents, fromOffset);
  }

  @Override
  public ExtentCursor changedSince(ChangeId base, long fromOffset) throws MoverException {
    begin();
    List<Extent> extents = changes.get(base);
    if (extents == null) {
      throw new BaseSnapshotMissing("base " + base.value() + " is not known, on purpose", "");
    }
    return stream(extents, fromOffset);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void begin() throws MoverException {
    requireOpen();
    queries.incrementAndGet();
    Supplier<? extends MoverException> with = failure;
    if (with != null) {
      throw with.get();
    }
  }

  private void requireOpen() throws TrackingUnavailable {
    if (closed) {
      throw new TrackingUnavailable("the tracker is closed", "");
    }
  }

  private ExtentCursor stream(List<Extent> extents, long fromOffset) {
    ExtentCursor all =
        ExtentCursor.of(Extents.clip(extents, Extent.between(fromOffset, Long.MAX_VALUE)));
    return new ExtentCursor() {
      @Override
      public @Nullable Extent next() throws MoverException {
        requireOpen();
        Extent next = all.next();
        long end = next == null ? Long.MAX_VALUE : next.end();
        if (end > unavailableAt) {
          throw new TrackingUnavailable("no more is known, on purpose", "");
        }
        if (end > stuckAt) {
          throw broken(next, stuckAt);
        }
        Long at = breaks.peek();
        if (at != null && at >= fromOffset && end > at && breaks.remove(at)) {
          throw broken(next, at);
        }
        return next;
      }

      @Override
      public void close() {
        all.close();
      }
    };
  }

  private static TrackingInterrupted broken(@Nullable Extent next, long at) {
    long resume = next == null ? at : Math.min(at, next.offset());
    return new TrackingInterrupted("broken on purpose", resume, null);
  }
}
