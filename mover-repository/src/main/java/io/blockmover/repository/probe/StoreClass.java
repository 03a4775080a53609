package io.blockmover.repository.probe;

/** What a store's conditional writes are worth. */
public enum StoreClass {
  /** Put-if-absent and compare-and-swap are atomic, as far as a probe can see. */
  A,
  /** Put-if-absent holds, compare-and-swap does not. */
  B,
  /** Not even put-if-absent holds. */
  C
}
