package io.blockmover.cbt.k8s;

import io.blockmover.api.Extent;

/**
 * How many extents were handed out, and a sum over them: enough to see that a list that is read
 * again begins with the same ones.
 */
final class DeliveredExtents {

  private long count;
  private long sum;

  void add(Extent extent) {
    count++;
    sum = mixed(mixed(sum + extent.offset()) + extent.end());
  }

  boolean isEmpty() {
    return count == 0;
  }

  boolean isAsLongAs(DeliveredExtents other) {
    return count == other.count;
  }

  boolean isSame(DeliveredExtents other) {
    return count == other.count && sum == other.sum;
  }

  /** Spreads each bit over all of them (the finisher of MurmurHash3). */
  private static long mixed(long value) {
    long bits = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    bits = (bits ^ (bits >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return bits ^ (bits >>> 33);
  }
}
