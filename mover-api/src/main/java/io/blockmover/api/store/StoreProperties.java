package io.blockmover.api.store;

/**
 * What a store can do.
 *
 * @param maxConcurrency how many calls at once make sense, at least 1
 * @param putIfAbsent whether {@link ObjectStore#putIfAbsent} is atomic
 * @param compareAndSwap whether {@link ObjectStore#replace} is atomic
 * @param local whether a call is cheap (no network)
 */
public record StoreProperties(
    int maxConcurrency, boolean putIfAbsent, boolean compareAndSwap, boolean local) {

  public StoreProperties {
    if (maxConcurrency < 1) {
      throw new IllegalArgumentException("maxConcurrency is " + maxConcurrency);
    }
  }
}
