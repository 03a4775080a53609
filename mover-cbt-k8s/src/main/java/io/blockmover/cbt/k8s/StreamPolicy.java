package io.blockmover.cbt.k8s;

import java.time.Duration;

/**
 * How patient the client is.
 *
 * @param maxResults extents asked for in one message; 0 leaves it to the driver. A moderate number
 *     is also how often an interrupted stream can be taken up again
 * @param attempts how often a stream may fail in a row without having got any further
 * @param firstPause before the first repetition; doubled with each, and shortened at random
 * @param longestPause what it is doubled to at most
 * @param silence how long a stream may say nothing at all. The sidecar ends silent streams after
 *     ten minutes by itself, so this finds peers that died without a word
 * @param betweenStarts between two streams of one driver, whose sidecar asks the API server five or
 *     six times for each, five times a second at most
 */
public record StreamPolicy(
    int maxResults,
    int attempts,
    Duration firstPause,
    Duration longestPause,
    Duration silence,
    Duration betweenStarts) {

  /** For real clusters. */
  public static final StreamPolicy DEFAULT =
      new StreamPolicy(
          8192,
          5,
          Duration.ofSeconds(1),
          Duration.ofSeconds(20),
          Duration.ofMinutes(15),
          Duration.ofSeconds(1));

  /**
   * @throws IllegalArgumentException if a number is negative, or no attempt is allowed
   */
  public StreamPolicy {
    if (maxResults < 0 || attempts < 1) {
      throw new IllegalArgumentException("maxResults is " + maxResults + ", attempts " + attempts);
    }
  }
}
