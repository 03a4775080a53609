package io.blockmover.store.s3;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * The settings of one store, parsed and checked. Names are those of the command line.
 *
 * @param given what these settings were parsed from
 * @param region as given; empty means environment, profile, then us-east-1
 * @param authorities to trust beside Java's
 * @param insecure whether any certificate is taken, of anybody
 * @param expectContinue whether large bodies wait for a first word of the server, so that refusals
 *     come before the upload; some proxies never say it
 * @param putIfAbsent whether If-None-Match may be relied on
 * @param compareAndSwap whether If-Match may be relied on
 */
record S3Options(
    Map<String, String> given,
    Optional<URI> endpoint,
    Optional<String> region,
    boolean pathStyle,
    Optional<String> profile,
    Optional<TrustedAuthorities> authorities,
    boolean insecure,
    WriteHeaders writeHeaders,
    int maxConcurrency,
    ChecksumMode checksum,
    EtagForm etagForm,
    boolean expectContinue,
    boolean putIfAbsent,
    boolean compareAndSwap) {

  static final String CHECKSUM = "s3-checksum";
  static final String ETAG = "s3-etag";
  static final String CAS = "s3-cas";
  static final String PUT_IF_ABSENT = "s3-put-if-absent";
  static final String EXPECT_CONTINUE = "s3-expect-continue";

  private static final Set<String> NAMES =
      Set.of(
          "s3-endpoint",
          "s3-region",
          "s3-path-style",
          "s3-profile",
          "s3-ca-file",
          "s3-ca-pem",
          "s3-insecure-tls",
          "s3-sse",
          "s3-kms-key",
          "s3-storage-class",
          "s3-tags",
          "s3-max-concurrency",
          CHECKSUM,
          ETAG,
          CAS,
          PUT_IF_ABSENT,
          EXPECT_CONTINUE);

  private static final int MAX_CONCURRENCY_LIMIT = 1000;

  /**
   * What each PUT asks of the store beside keeping the bytes.
   *
   * @param tagging URL-encoded pairs, as the header wants them
   */
  record WriteHeaders(
      @Nullable String encryption,
      @Nullable String kmsKey,
      @Nullable String storageClass,
      @Nullable String tagging) {}

  static S3Options parse(Map<String, String> options) {
    for (String name : options.keySet()) {
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException("unknown option --" + name + " for an s3:// location");
      }
    }
    Optional<URI> endpoint = value(options, "s3-endpoint").map(S3Options::endpoint);
    return new S3Options(
        Map.copyOf(options),
        endpoint,
        value(options, "s3-region"),
        flag(options, "s3-path-style", endpoint.isPresent()),
        value(options, "s3-profile"),
        authorities(options),
        flag(options, "s3-insecure-tls", false),
        writeHeaders(options),
        value(options, "s3-max-concurrency").map(S3Options::concurrency).orElse(32),
        checksum(value(options, CHECKSUM).orElse("auto"), endpoint.isEmpty()),
        etagForm(value(options, ETAG).orElse("unquoted")),
        flag(options, EXPECT_CONTINUE, true),
        flag(options, PUT_IF_ABSENT, true),
        flag(options, CAS, true));
  }

  /** These settings, with others for what was not given. */
  S3Options orElse(Map<String, String> others) {
    Map<String, String> all = new HashMap<>(others);
    all.putAll(given);
    return parse(all);
  }

  private static Optional<String> value(Map<String, String> options, String name) {
    return Optional.ofNullable(options.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  private static URI endpoint(String text) {
    URI uri = URI.create(text);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "--s3-endpoint must look like https://host:port, not '" + text + "'");
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException("--s3-endpoint must not contain credentials");
    }
    return uri;
  }

  private static Optional<TrustedAuthorities> authorities(Map<String, String> options) {
    Optional<String> file = value(options, "s3-ca-file");
    Optional<String> text = value(options, "s3-ca-pem");
    if (file.isPresent() && text.isPresent()) {
      throw new IllegalArgumentException(
          "--s3-ca-file and MOVER_S3_CA_PEM are two ways to say one thing: leave one out");
    }
    return file.map(Path::of)
        .map(TrustedAuthorities::ofFile)
        .or(() -> text.map(TrustedAuthorities::ofText));
  }

  private static boolean flag(Map<String, String> options, String name, boolean otherwise) {
    String text = value(options, name).orElse(Boolean.toString(otherwise));
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("--" + name + " is true or false, not " + text);
    };
  }

  private static int concurrency(String text) {
    try {
      int value = Integer.parseInt(text);
      if (value >= 1 && value <= MAX_CONCURRENCY_LIMIT) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below, together with the numbers that are out of range.
    }
    throw new IllegalArgumentException(
        "--s3-max-concurrency is a number from 1 to " + MAX_CONCURRENCY_LIMIT + ", not " + text);
  }

  /** Without a probe: AWS itself verifies CRC32C; of others only MD5 is known to be verified. */
  private static ChecksumMode checksum(String text, boolean amazon) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "crc32c" -> ChecksumMode.CRC32C;
      case "md5" -> ChecksumMode.MD5;
      case "none" -> ChecksumMode.NONE;
      case "auto" -> amazon ? ChecksumMode.CRC32C : ChecksumMode.MD5;
      default ->
          throw new IllegalArgumentException(
              "--s3-checksum is crc32c, md5, none or auto, not " + text);
    };
  }

  private static EtagForm etagForm(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "unquoted" -> EtagForm.UNQUOTED;
      case "quoted" -> EtagForm.QUOTED;
      default -> throw new IllegalArgumentException("--s3-etag is unquoted or quoted, not " + text);
    };
  }

  private static WriteHeaders writeHeaders(Map<String, String> options) {
    String encryption = value(options, "s3-sse").orElse(null);
    String kmsKey = value(options, "s3-kms-key").orElse(null);
    if (encryption == null && kmsKey != null) {
      encryption = ServerSideEncryption.AWS_KMS.toString();
    }
    if (encryption != null
        && ServerSideEncryption.fromValue(encryption)
            == ServerSideEncryption.UNKNOWN_TO_SDK_VERSION) {
      throw new IllegalArgumentException("--s3-sse is AES256 or aws:kms, not " + encryption);
    }
    if (kmsKey != null && encryption != null && !encryption.startsWith("aws:kms")) {
      throw new IllegalArgumentException("--s3-kms-key needs --s3-sse=aws:kms");
    }
    return new WriteHeaders(
        encryption,
        kmsKey,
        value(options, "s3-storage-class").orElse(null),
        value(options, "s3-tags").map(ObjectTags::header).orElse(null));
  }
}
