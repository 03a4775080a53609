package io.blockmover.repository.repack;

import io.blockmover.api.MoverException;

/** Whoever waits for packs to be written anew. */
@FunctionalInterface
public interface RepackWatch {

  /**
   * Called often.
   *
   * @throws io.blockmover.api.Cancelled to stop; what is done stays done
   */
  void check() throws MoverException;
}
