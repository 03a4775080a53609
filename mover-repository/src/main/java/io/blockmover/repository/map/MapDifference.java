package io.blockmover.repository.map;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ExtentCursor;
import org.jspecify.annotations.Nullable;

/**
 * Where two maps differ, told from chunk ids, without reading data. Zeros are the same whether
 * written or not; what the target has beyond the base's size counts as different. Layers that both
 * have are read only where others say something.
 */
public final class MapDifference implements ExtentCursor {

  private final EntryAt base;
  private final EntryAt target;
  private final DifferenceCandidates candidates;
  private final long commonBytes;
  private final long targetBytes;
  private long position;

  private MapDifference(LayeredMap base, LayeredMap target, long from) throws MoverException {
    this.base = new EntryAt(base.cursor(from));
    this.target = new EntryAt(target.cursor(from));
    this.candidates = new DifferenceCandidates(base, target, from);
    this.commonBytes = Math.min(base.volumeBytes(), target.volumeBytes());
    this.targetBytes = target.volumeBytes();
    this.position = from;
  }

  /** Extents of {@code target}, from an offset on, that differ from {@code base}. */
  public static ExtentCursor between(LayeredMap base, LayeredMap target, long from)
      throws MoverException {
    return new MapDifference(base, target, from);
  }

  @Override
  public @Nullable Extent next() throws MoverException {
    while (position < commonBytes) {
      long candidate = candidates.first(position);
      if (candidate == position && !sameUpToStop()) {
        break;
      }
      position = candidate == position ? stop() : Math.min(candidate, commonBytes);
    }
    long start = position;
    while (position < commonBytes && candidates.first(position) == position && !sameUpToStop()) {
      position = stop();
    }
    if (position >= commonBytes) {
      position = Math.max(position, targetBytes);
    }
    return start < position ? Extent.between(start, position) : null;
  }

  /** Whether the two are the same from here to {@link #stop}. */
  private boolean sameUpToStop() throws MoverException {
    MapEntry before = base.at(position);
    MapEntry after = target.at(position);
    boolean zeroBefore = !(before instanceof MapEntry.Data);
    boolean zeroAfter = !(after instanceof MapEntry.Data);
    if (before == null || after == null || zeroBefore || zeroAfter) {
      return zeroBefore && zeroAfter;
    }
    return before.sameContentAs(after);
  }

  private long stop() {
    long stop = Math.min(base.stop(position), target.stop(position));
    return Math.min(commonBytes, Math.min(stop, candidates.end()));
  }

  @Override
  public void close() {}
}
