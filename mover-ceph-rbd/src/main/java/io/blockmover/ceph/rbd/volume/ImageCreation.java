package io.blockmover.ceph.rbd.volume;

import io.blockmover.ceph.rbd.librbd.ImageFeature;
import io.blockmover.ceph.rbd.librbd.NewImage;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an image is made.
 *
 * @param features none for the cluster's default
 * @param objectBytes 0 for the cluster's default
 * @param dataPool empty for the pool of the image
 */
record ImageCreation(Set<ImageFeature> features, long objectBytes, String dataPool) {

  /** What is understood. */
  static final Set<String> OPTIONS = Set.of("image-feature", "data-pool", "object-size");

  private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,6})([kKmM])(i?[bB])?");
  private static final long LEAST_OBJECT = 4 << 10;
  private static final long LARGEST_OBJECT = 32 << 20;

  /**
   * Reads it from options.
   *
   * @throws IllegalArgumentException if one makes no sense, with a message for the user
   */
  static ImageCreation of(Map<String, String> options) {
    Set<ImageFeature> features = EnumSet.noneOf(ImageFeature.class);
    for (String name : List.of(options.getOrDefault("image-feature", "").split(",", -1))) {
      if (!name.isBlank()) {
        features.add(feature(name.strip()));
      }
    }
    return new ImageCreation(
        features,
        options.containsKey("object-size") ? objectBytes(options.get("object-size")) : 0,
        options.getOrDefault("data-pool", ""));
  }

  private static ImageFeature feature(String name) {
    String constant = name.toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(ImageFeature.values())
        .filter(feature -> feature.name().equals(constant))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--image-feature: there is no feature '"
                        + name
                        + "'; there are layering, exclusive-lock, object-map, fast-diff,"
                        + " deep-flatten, journaling"));
  }

  private static long objectBytes(String text) {
    Matcher matcher = SIZE.matcher(text);
    long bytes =
        matcher.matches()
            ? Long.parseLong(matcher.group(1)) << (matcher.group(2).equalsIgnoreCase("k") ? 10 : 20)
            : 0;
    if (bytes < LEAST_OBJECT || bytes > LARGEST_OBJECT || Long.bitCount(bytes) != 1) {
      throw new IllegalArgumentException(
          "--object-size " + text + " is no power of two from 4K to 32M");
    }
    return bytes;
  }

  NewImage image(String name, long sizeBytes) {
    return new NewImage(name, sizeBytes, features, objectBytes, dataPool);
  }
}
