package io.blockmover.repository.map;

import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.Layer;
import java.util.List;

/**
 * Where two maps can differ at all: where a layer that only one of them has says something, and
 * from the offset on where such a layer cuts off older ones. For one thread.
 */
final class DifferenceCandidates {

  private final EntryAt base;
  private final EntryAt target;
  private final long everythingFrom;
  private long end;

  DifferenceCandidates(LayeredMap base, LayeredMap target, long from) throws MoverException {
    int shared = 0;
    while (shared < Math.min(base.layers().size(), target.layers().size())
        && base.layers().get(shared).equals(target.layers().get(shared))) {
      shared++;
    }
    this.base = new EntryAt(base.cursorOfNewer(shared, from));
    this.target = new EntryAt(target.cursorOfNewer(shared, from));
    this.everythingFrom = shared == 0 ? 0 : Math.min(limit(base, shared), limit(target, shared));
  }

  private static long limit(LayeredMap map, int shared) {
    List<Layer> own = map.layers().subList(shared, map.layers().size());
    return own.stream().mapToLong(Layer::volumeBytes).reduce(map.volumeBytes(), Math::min);
  }

  /** The first offset, not below the given one, where the maps can differ. */
  long first(long offset) throws MoverException {
    if (offset >= everythingFrom) {
      end = Long.MAX_VALUE;
      return offset;
    }
    MapEntry inBase = base.at(offset);
    MapEntry inTarget = target.at(offset);
    end = Math.min(everythingFrom, Math.min(base.stop(offset), target.stop(offset)));
    return inBase == null && inTarget == null ? end : offset;
  }

  /** How far what {@link #first} said holds, if it said that the maps can differ there. */
  long end() {
    return end;
  }
}
