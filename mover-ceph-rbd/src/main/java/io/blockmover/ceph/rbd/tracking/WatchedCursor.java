package io.blockmover.ceph.rbd.tracking;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ExtentCursor;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Counts what a cursor tells, and is among the open ones until it is closed. */
final class WatchedCursor implements ExtentCursor {

  private final ExtentCursor cursor;
  private final DiffMeters.Diff meter;
  private final Set<ExtentCursor> open;

  WatchedCursor(ExtentCursor cursor, DiffMeters.Diff meter, Set<ExtentCursor> open) {
    this.cursor = cursor;
    this.meter = meter;
    this.open = open;
    open.add(this);
  }

  @Override
  public @Nullable Extent next() throws MoverException {
    Extent extent = cursor.next();
    if (extent == null) {
      meter.end();
    } else {
      meter.told(extent.length());
    }
    return extent;
  }

  @Override
  public void close() {
    open.remove(this);
    cursor.close();
  }
}
