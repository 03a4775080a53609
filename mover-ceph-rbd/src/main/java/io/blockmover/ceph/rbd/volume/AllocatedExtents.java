package io.blockmover.ceph.rbd.volume;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.DiffMode;
import io.blockmover.ceph.rbd.librbd.DiffQuery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot holds, asked window by window: memory is bounded by what can lie in one. For one
 * thread.
 */
final class AllocatedExtents implements ExtentCursor {

  /** 64 objects of the usual size, each asked for on its own. */
  private static final long WINDOW_BYTES = 256L << 20;

  private final SteadyImage image;
  private final long end;
  private long position;
  private Iterator<Extent> window = List.<Extent>of().iterator();

  AllocatedExtents(SteadyImage image, Extent within) {
    this.image = image;
    this.position = within.offset();
    this.end = within.end();
  }

  @Override
  public @Nullable Extent next() throws MoverException {
    while (!window.hasNext()) {
      if (position >= end) {
        return null;
      }
      long to = Math.min(end, (position / WINDOW_BYTES + 1) * WINDOW_BYTES);
      window = load(Extent.between(position, to)).iterator();
      position = to;
    }
    return window.next();
  }

  private List<Extent> load(Extent range) throws MoverException {
    try {
      return image.onImage(
          open -> {
            List<Extent> found = new ArrayList<>();
            DiffQuery all = new DiffQuery(DiffQuery.BEGINNING, range, DiffMode.EXACT);
            boolean _ =
                open.diff(
                    all,
                    (offset, length, exists) -> {
                      if (exists) {
                        found.add(new Extent(offset, length));
                      }
                      return true;
                    });
            // Some versions tell them in the order in which OSDs answer.
            found.sort(Comparator.comparingLong(Extent::offset));
            return found;
          });
    } catch (CephFailure e) {
      throw e.asDeviceFailure();
    }
  }

  @Override
  public void close() {
    position = end;
  }
}
