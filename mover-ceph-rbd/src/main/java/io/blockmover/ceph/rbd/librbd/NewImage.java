package io.blockmover.ceph.rbd.librbd;

import java.util.Set;

/**
 * An image to be made.
 *
 * @param features none for those that the cluster gives by default
 * @param objectBytes a power of two from 4 KiB to 32 MiB; 0 for the cluster's default
 * @param dataPool where its data goes, by name; empty for its own pool
 */
public record NewImage(
    String name, long sizeBytes, Set<ImageFeature> features, long objectBytes, String dataPool) {

  public NewImage {
    features = Set.copyOf(features);
    if (sizeBytes < 0 || (objectBytes != 0 && Long.bitCount(objectBytes) != 1)) {
      throw new IllegalArgumentException(sizeBytes + " bytes in objects of " + objectBytes);
    }
  }

  /** One that is as the cluster makes them by default. */
  public NewImage(String name, long sizeBytes) {
    this(name, sizeBytes, Set.of(), 0, "");
  }

  long featureMask() {
    return features.stream().mapToLong(ImageFeature::bit).sum();
  }
}
