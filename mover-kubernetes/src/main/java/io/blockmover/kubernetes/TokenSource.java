package io.blockmover.kubernetes;

import io.blockmover.api.MoverException;

/** Gives tokens that are good for some time yet. Thread-safe. */
public interface TokenSource {

  /**
   * A token that does not end within the next moments; a new one where the last is about to.
   *
   * @throws io.blockmover.api.AccessDenied if it is not given, with what to allow
   * @throws io.blockmover.api.ClusterUnavailable if the API server does not answer
   */
  ServiceToken token() throws MoverException;

  /** The other side refused the token: the next one must not come from memory. */
  void discard();
}
