package io.blockmover.engine.fetch;

import io.blockmover.api.MoverException;

/** A piece of work for one of the {@link FetchTeam}. */
@FunctionalInterface
public interface Job {

  /**
   * Does the work in a thread of its own.
   *
   * @param worker memory and ciphers, of this thread alone until the job returns
   * @throws MoverException ends all work
   */
  void run(Worker worker) throws MoverException;
}
