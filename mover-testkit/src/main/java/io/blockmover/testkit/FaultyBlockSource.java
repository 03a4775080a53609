package io.blockmover.testkit;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.SourceReadFailed;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.source.ForwardingBlockSource;
import io.blockmover.api.tracking.ExtentCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A volume with bad places, or one that goes away. Thread-safe. */
public final class FaultyBlockSource extends ForwardingBlockSource {

  private final List<BadPlace> badPlaces = new ArrayList<>();
  private final AtomicLong failures = new AtomicLong();
  private volatile long endBytes = Long.MAX_VALUE;
  private volatile boolean vanished;
  private volatile long vanishAfterReads = Long.MAX_VALUE;
  private final AtomicLong reads = new AtomicLong();

  public FaultyBlockSource(BlockSource next) {
    super(next);
  }

  /** Reads that touch this extent fail for ever. */
  public FaultyBlockSource badAt(Extent extent) {
    return badAt(extent, Long.MAX_VALUE);
  }

  /** So many reads that touch this extent fail; those after them succeed. */
  public FaultyBlockSource badAt(Extent extent, long times) {
    synchronized (badPlaces) {
      badPlaces.add(new BadPlace(extent, times));
    }
    return this;
  }

  /** The device ends earlier than it says from now on. */
  public void shrinkTo(long sizeBytes) {
    endBytes = sizeBytes;
  }

  /** The device is gone from now on. */
  public void vanish() {
    vanished = true;
  }

  /** The device is gone after so many more reads. */
  public FaultyBlockSource vanishAfter(long moreReads) {
    vanishAfterReads = reads.get() + moreReads;
    return this;
  }

  /** How many reads failed on purpose. */
  public long failures() {
    return failures.get();
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    if (reads.incrementAndGet() > vanishAfterReads) {
      vanished = true;
    }
    requirePresent();
    long length = Math.min(into.remaining(), sizeBytes() - offset);
    if (offset + length > endBytes) {
      failures.incrementAndGet();
      throw new DeviceFailed(name() + " shrank to " + endBytes + " bytes", "");
    }
    if (length > 0 && isBad(new Extent(offset, length))) {
      failures.incrementAndGet();
      throw new SourceReadFailed(name(), new Extent(offset, length), "bad on purpose", null);
    }
    return super.read(offset, into);
  }

  @Override
  public Optional<ExtentCursor> allocated(Extent within) throws MoverException {
    requirePresent();
    return super.allocated(within);
  }

  @Override
  public void requireStillValid() throws MoverException {
    requirePresent();
    if (endBytes < sizeBytes()) {
      throw new DeviceFailed(name() + " shrank to " + endBytes + " bytes", "");
    }
    super.requireStillValid();
  }

  private void requirePresent() throws DeviceFailed {
    if (vanished) {
      failures.incrementAndGet();
      throw new DeviceFailed(name() + " vanished", "");
    }
  }

  private boolean isBad(Extent extent) {
    synchronized (badPlaces) {
      for (Iterator<BadPlace> places = badPlaces.iterator(); places.hasNext(); ) {
        BadPlace place = places.next();
        if (place.extent.overlaps(extent)) {
          if (--place.times == 0) {
            places.remove();
          }
          return true;
        }
      }
      return false;
    }
  }

  private static final class BadPlace {
    private final Extent extent;
    private long times;

    BadPlace(Extent extent, long times) {
      this.extent = extent;
      this.times = times;
    }
  }
}
