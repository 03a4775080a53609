package io.blockmover.api.tracking;

/** What an extent reported by a tracker says about the bytes in it. */
public enum ExtentQuality {
  /** All of it changed (or is allocated): store it as it is, finer than a chunk. */
  EXACT,
  /** Something in it changed; compare before storing. */
  COARSE,
  /** Nothing is known; compare before storing. */
  CANDIDATE
}
