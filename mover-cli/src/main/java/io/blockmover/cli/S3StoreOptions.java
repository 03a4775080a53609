package io.blockmover.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Settings of the S3 store, handed on by name. Each can also be set in the environment: {@code
 * MOVER_S3_ENDPOINT} for {@code --s3-endpoint}.
 */
final class S3StoreOptions {

  @Option(
      names = "--s3-endpoint",
      paramLabel = "URL",
      description = "Address of the service, for anything but AWS (or MOVER_S3_ENDPOINT).")
  private @Nullable String endpoint;

  @Option(names = "--s3-region", paramLabel = "REGION", description = "Region of the bucket.")
  private @Nullable String region;

  @Option(
      names = "--s3-path-style",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Bucket in the path, not in the host name. Default with --s3-endpoint.")
  private @Nullable String pathStyle;

  @Option(
      names = "--s3-profile",
      paramLabel = "NAME",
      description = "Profile of ~/.aws. Default: the usual AWS chain of credentials.")
  private @Nullable String profile;

  @Option(
      names = "--s3-ca-file",
      paramLabel = "PEM",
      description = "Certificates of authorities to trust beside the system's.")
  private @Nullable String authorities;

  @Option(
      names = "--s3-insecure-tls",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Take any certificate: whoever is between here and the store can be the store.")
  private @Nullable String insecure;

  @Option(
      names = "--s3-sse",
      paramLabel = "AES256|aws:kms",
      description = "Let the store encrypt too.")
  private @Nullable String encryption;

  @Option(names = "--s3-kms-key", paramLabel = "ID", description = "Key for --s3-sse aws:kms.")
  private @Nullable String kmsKey;

  @Option(
      names = "--s3-storage-class",
      paramLabel = "CLASS",
      description = "Storage class of what is written.")
  private @Nullable String storageClass;

  @Option(
      names = "--s3-tags",
      paramLabel = "K=V,...",
      description = "Tags of every object that is written.")
  private @Nullable String tags;

  @Option(
      names = "--s3-checksum",
      paramLabel = "crc32c|md5|none",
      description =
          "What protects uploads. Default: what init found the store to verify, else the safest.")
  private @Nullable String checksum;

  @Option(names = "--s3-max-concurrency", paramLabel = "N", description = "Requests at once.")
  private @Nullable String concurrency;

  /**
   * By name: what was given, else what the environment says. The environment may well be made for
   * other repositories, so it counts only where the repository is on S3.
   */
  Map<String, String> of(String repo, Surroundings surroundings) {
    boolean environment = repo.startsWith("s3:");
    Map<String, @Nullable String> options = new LinkedHashMap<>();
    options.put("s3-endpoint", endpoint);
    options.put("s3-region", region);
    options.put("s3-path-style", pathStyle);
    options.put("s3-profile", profile);
    options.put("s3-ca-file", authorities);
    options.put("s3-ca-pem", null); // too long for a command line
    options.put("s3-insecure-tls", insecure);
    options.put("s3-sse", encryption);
    options.put("s3-kms-key", kmsKey);
    options.put("s3-storage-class", storageClass);
    options.put("s3-tags", tags);
    options.put("s3-checksum", checksum);
    options.put("s3-max-concurrency", concurrency);
    Map<String, String> all = new LinkedHashMap<>();
    options.forEach(
        (name, value) -> {
          String variable = "MOVER_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
          Optional.ofNullable(value)
              .or(() -> environment ? surroundings.variable(variable) : Optional.empty())
              .ifPresent(chosen -> all.put(name, chosen));
        });
    return all;
  }
}
