package io.blockmover.api.store;

/**
 * An opaque token of one version of an object (on S3 its ETag, without quotes). Equal bytes may
 * have equal tags, so whoever uses it for compare-and-swap puts something unique into the bytes.
 */
public record VersionTag(String value) {

  public VersionTag {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("empty version tag");
    }
  }
}
