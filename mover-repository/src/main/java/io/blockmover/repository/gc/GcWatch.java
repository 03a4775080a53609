package io.blockmover.repository.gc;

import io.blockmover.api.MoverException;

/** Whoever waits for a collection: hears of it, and may stop it. */
public interface GcWatch {

  /** Nobody. */
  GcWatch NONE =
      new GcWatch() {
        @Override
        public void check() {}

        @Override
        public void freed(long packBytes) {}
      };

  /**
   * Called often.
   *
   * @throws io.blockmover.api.Cancelled to stop; the next collection goes on where this one ended
   */
  void check() throws MoverException;

  /** So many bytes of packs more have been deleted. */
  void freed(long packBytes);
}
