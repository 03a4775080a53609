package io.blockmover.testkit;

/**
 * What a generated volume is made of. Shares are from 0 to 1.
 *
 * @param allocatedShare how much of the volume is allocated at all
 * @param zeroShare how much of what is allocated holds zeros
 * @param duplicateShare how much of what is allocated repeats other pieces
 * @param compressibleShare how much of each piece is text that compresses to nearly nothing
 */
public record VolumeShape(
    double allocatedShare, double zeroShare, double duplicateShare, double compressibleShare) {

  /** All of it allocated, random, and seen once. */
  public static VolumeShape random() {
    return new VolumeShape(1, 0, 0, 0);
  }

  /** As {@link #random()}, with holes. */
  public static VolumeShape sparse(double allocatedShare) {
    return new VolumeShape(allocatedShare, 0, 0, 0);
  }

  /** A file system as they are: a tenth zeros, a tenth duplicates, a third text. */
  public static VolumeShape mixed(double allocatedShare) {
    return new VolumeShape(allocatedShare, 0.1, 0.1, 0.33);
  }
}
