package io.blockmover.cbt.k8s.serve;

import io.blockmover.api.MoverException;

/** Who may ask. Thread-safe; blocks. */
public interface CallerCheck {

  /** What was found out about a caller. */
  enum Verdict {
    ALLOWED,
    /** The token is none, has expired, or is for another audience. */
    UNKNOWN_CALLER,
    /** The caller is known, and may not read the VolumeSnapshots of that namespace. */
    NOT_ALLOWED
  }

  /**
   * Checks a request.
   *
   * @param token secret
   * @throws MoverException if that could not be found out; the request is refused
   */
  Verdict check(String token, String namespace) throws MoverException;
}
