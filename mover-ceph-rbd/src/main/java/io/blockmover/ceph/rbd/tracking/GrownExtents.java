package io.blockmover.ceph.rbd.tracking;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ExtentCursor;
import org.jspecify.annotations.Nullable;

/** Changes of what both snapshots have, and then all that only the later one has. */
final class GrownExtents implements ExtentCursor {

  private final ExtentCursor changed;
  private @Nullable Extent grown;
  private @Nullable Extent held;
  private boolean begun;

  /**
   * @param changed up to {@code oldEnd}; closed with this
   * @param from nothing before it is wanted
   */
  GrownExtents(ExtentCursor changed, long oldEnd, long newEnd, long from) {
    this.changed = changed;
    long start = Math.max(oldEnd, from);
    this.grown = newEnd > start ? Extent.between(start, newEnd) : null;
  }

  @Override
  public @Nullable Extent next() throws MoverException {
    if (!begun) {
      begun = true;
      held = changed.next();
    }
    Extent told = held;
    if (told == null) {
      Extent rest = grown;
      grown = null;
      return rest;
    }
    held = changed.next();
    Extent rest = grown;
    if (held == null && rest != null && told.end() == rest.offset()) {
      grown = null;
      return Extent.between(told.offset(), rest.end());
    }
    return told;
  }

  @Override
  public void close() {
    changed.close();
  }
}
