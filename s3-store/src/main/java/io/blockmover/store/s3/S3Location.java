package io.blockmover.store.s3;

import io.blockmover.api.store.ObjectKey;
import java.net.URI;

/**
 * Bucket and prefix of {@code s3://bucket/prefix}.
 *
 * @param prefix put before every key: empty, or ending in a slash
 */
record S3Location(String bucket, String prefix) {

  static S3Location parse(URI uri) {
    String authority = uri.getRawAuthority();
    if (authority == null || authority.isEmpty()) {
      throw new IllegalArgumentException(uri + " names no bucket; write s3://bucket/prefix");
    }
    if (authority.contains("@") || authority.contains(":")) {
      throw new IllegalArgumentException(
          "an s3:// location holds bucket and prefix only; the server goes into --s3-endpoint,"
              + " credentials into the environment or a profile");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(uri + ": '?' and '#' have no meaning here");
    }
    String path = uri.getPath() == null ? "" : uri.getPath();
    String prefix = path.replaceAll("^/+|/+$", "");
    if (prefix.contains("//")) {
      throw new IllegalArgumentException(
          uri + ": an empty path component does not work everywhere");
    }
    return new S3Location(authority, prefix.isEmpty() ? "" : prefix + "/");
  }

  /** The full key; refuses keys that the contract does not allow. */
  String full(String key) {
    return prefix + ObjectKey.requireValid(key);
  }

  /** A place below this one. */
  S3Location below(String name) {
    return new S3Location(bucket, prefix + name + "/");
  }

  /** The key without the prefix. */
  String relative(String fullKey) {
    if (!fullKey.startsWith(prefix)) {
      throw new IllegalArgumentException(fullKey + " is not below " + prefix);
    }
    return fullKey.substring(prefix.length());
  }

  @Override
  public String toString() {
    return "s3://"
        + bucket
        + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
  }
}
