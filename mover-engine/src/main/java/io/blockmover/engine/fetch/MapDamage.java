package io.blockmover.engine.fetch;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;

/** Decides what happens when a part of a map cannot be read. */
@FunctionalInterface
public interface MapDamage {

  /**
   * Takes note of it, or ends all work.
   *
   * @param object the map pack that is broken
   * @param lost what it speaks of
   * @param why {@link io.blockmover.api.CorruptData} or {@link io.blockmover.api.ObjectNotFound}
   * @throws MoverException to end all work
   */
  void lost(String object, Extent lost, MoverException why) throws MoverException;
}
