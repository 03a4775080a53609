package io.blockmover.engine.fetch;

import io.blockmover.api.MoverException;

/** Decides what happens when a chunk cannot be had. Thread-safe. */
public interface Losses {

  /**
   * Takes note of it, or ends all work.
   *
   * @param why {@link io.blockmover.api.CorruptData} or {@link io.blockmover.api.ObjectNotFound}
   * @throws MoverException to end all work
   */
  void lost(WantedChunk chunk, MoverException why) throws MoverException;
}
