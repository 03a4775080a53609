package io.blockmover.engine.backup;

import java.util.Set;

/**
 * How far trackers are used and believed.
 *
 * @param minimumBytes smaller volumes are compared whole, without asking a tracker
 * @param changedRatio from 0 to 1: if more of the volume changed, reading and comparing all of it
 *     is cheaper than following the list
 * @param samplingRate from 0 to 1: which part of the volume is picked to test a list; 0 tests none
 * @param trustedAgain names of trackers that were caught lying about the volume and may be asked
 *     again
 */
public record TrackingOptions(
    long minimumBytes, double changedRatio, double samplingRate, Set<String> trustedAgain) {

  /** What the product uses where nobody says otherwise. */
  public static final TrackingOptions STANDARD = new TrackingOptions(0, 0.5, 0.001, Set.of());

  /**
   * @throws IllegalArgumentException if a ratio is not one
   */
  public TrackingOptions {
    trustedAgain = Set.copyOf(trustedAgain);
    if (minimumBytes < 0 || !isRatio(changedRatio) || !isRatio(samplingRate)) {
      throw new IllegalArgumentException(
          "not tracking options: " + minimumBytes + ", " + changedRatio + ", " + samplingRate);
    }
  }

  private static boolean isRatio(double value) {
    return value >= 0 && value <= 1;
  }

  /** The same, with other trackers trusted again. */
  public TrackingOptions trusting(Set<String> trackers) {
    return new TrackingOptions(minimumBytes, changedRatio, samplingRate, trackers);
  }
}
