package io.blockmover.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Settings of the S3 store, handed on by name. Each can also be set in the environment: {@code
 * MOVER_S3_ENDPOINT} for {@code --s3-endpoint}.
 */
final class S3StoreOptions {

  private static final String[] NAMES = {
    "s3-endpoint",
    "s3-region",
    "s3-path-style",
    "s3-profile",
    "s3-ca-file",
    "s3-sse",
    "s3-kms-key",
    "s3-storage-class",
    "s3-tags",
    "s3-max-concurrency"
  };

  private final Map<String, String> given = new LinkedHashMap<>();

  @Option(
      names = "--s3-endpoint",
      paramLabel = "URL",
      description = "Address of the service, for anything but AWS (or MOVER_S3_ENDPOINT).")
  void endpoint(@Nullable String value) {
    set("s3-endpoint", value);
  }

  @Option(names = "--s3-region", paramLabel = "REGION", description = "Region of the bucket.")
  void region(@Nullable String value) {
    set("s3-region", value);
  }

  @Option(
      names = "--s3-path-style",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Bucket in the path, not in the host name. Default with --s3-endpoint.")
  void pathStyle(@Nullable String value) {
    set("s3-path-style", value);
  }

  @Option(
      names = "--s3-profile",
      paramLabel = "NAME",
      description = "Profile of ~/.aws. Default: the usual AWS chain of credentials.")
  void profile(@Nullable String value) {
    set("s3-profile", value);
  }

  @Option(
      names = "--s3-ca-file",
      paramLabel = "PEM",
      description = "Certificates of authorities to trust beside the system's.")
  void authorities(@Nullable String value) {
    set("s3-ca-file", value);
  }

  @Option(
      names = "--s3-sse",
      paramLabel = "AES256|aws:kms",
      description = "Let the store encrypt too.")
  void encryption(@Nullable String value) {
    set("s3-sse", value);
  }

  @Option(names = "--s3-kms-key", paramLabel = "ID", description = "Key for --s3-sse aws:kms.")
  void kmsKey(@Nullable String value) {
    set("s3-kms-key", value);
  }

  @Option(
      names = "--s3-storage-class",
      paramLabel = "CLASS",
      description = "Storage class of what is written.")
  void storageClass(@Nullable String value) {
    set("s3-storage-class", value);
  }

  @Option(
      names = "--s3-tags",
      paramLabel = "K=V,...",
      description = "Tags of every object that is written.")
  void tags(@Nullable String value) {
    set("s3-tags", value);
  }

  @Option(names = "--s3-max-concurrency", paramLabel = "N", description = "Requests at once.")
  void concurrency(@Nullable String value) {
    set("s3-max-concurrency", value);
  }

  private void set(String name, @Nullable String value) {
    if (value == null) {
      given.remove(name);
    } else {
      given.put(name, value);
    }
  }

  /** By name: what was given, else what the environment says. */
  Map<String, String> given(Surroundings surroundings) {
    Map<String, String> all = new LinkedHashMap<>(given);
    for (String name : NAMES) {
      String variable = "MOVER_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
      surroundings.variable(variable).ifPresent(value -> all.putIfAbsent(name, value));
    }
    return all;
  }
}
