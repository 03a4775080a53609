package io.blockmover.store.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFileSupplier;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;

/**
 * All that it takes to talk to one place: where, how, as whom.
 *
 * @param silence how long a connection may be silent
 */
record S3Connection(
    S3Location location,
    S3Options options,
    AwsCredentialsProvider credentials,
    Map<String, String> environment,
    Duration silence) {

  static S3Connection of(URI location, S3Options options) {
    return new S3Connection(
        S3Location.parse(location),
        options,
        credentials(options),
        System.getenv(),
        S3Clients.SILENCE);
  }

  S3Connection with(S3Location otherLocation, S3Options otherOptions) {
    return new S3Connection(otherLocation, otherOptions, credentials, environment, silence);
  }

  S3Connection withSilence(Duration longest) {
    return new S3Connection(location, options, credentials, environment, longest);
  }

  S3ObjectStore store() {
    return new S3ObjectStore(location, options, clients(), errors());
  }

  S3Clients clients() {
    return new S3Clients(options, region(), credentials, environment, server(), silence);
  }

  S3Errors errors() {
    return new S3Errors(location, server().toString(), region().id());
  }

  /** Where requests go, near enough for messages and NO_PROXY. */
  URI server() {
    String bucket = options.pathStyle() ? "" : location.bucket() + ".";
    return options
        .endpoint()
        .orElseGet(
            () -> URI.create("https://" + bucket + "s3." + region().id() + ".amazonaws.com"));
  }

  /** Not the SDK's chain: its last step asks the metadata service of a cloud that may not be. */
  private Region region() {
    String named =
        options
            .region()
            .orElseGet(
                () ->
                    environment.getOrDefault(
                        "AWS_REGION", environment.getOrDefault("AWS_DEFAULT_REGION", "")));
    if (!named.isBlank()) {
      return Region.of(named);
    }
    try {
      Region region =
          new AwsProfileRegionProvider(ProfileFileSupplier.defaultSupplier(), profile())
              .getRegion();
      return region == null ? Region.US_EAST_1 : region;
    } catch (SdkClientException e) {
      return Region.US_EAST_1;
    }
  }

  private String profile() {
    return options.profile().orElseGet(ProfileFileSystemSetting.AWS_PROFILE::getStringValueOrThrow);
  }

  private static AwsCredentialsProvider credentials(S3Options options) {
    return options
        .profile()
        .<AwsCredentialsProvider>map(
            name ->
                ProfileCredentialsProvider.builder()
                    .profileFile(ProfileFileSupplier.defaultSupplier())
                    .profileName(name)
                    .build())
        .orElseGet(
            () ->
                DefaultCredentialsProvider.builder()
                    .profileFile(ProfileFileSupplier.defaultSupplier())
                    .build());
  }
}
