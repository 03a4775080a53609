package io.blockmover.api.store;

import java.time.Instant;

/**
 * What a listing says of an object.
 *
 * @param lastModified by the store's clock; never decides anything but efficiency
 */
public record ObjectSummary(String key, long sizeBytes, VersionTag version, Instant lastModified) {

  public ObjectSummary {
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("size of " + key + " is " + sizeBytes);
    }
  }
}
