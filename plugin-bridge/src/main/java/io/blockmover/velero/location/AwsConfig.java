package io.blockmover.velero.location;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObject;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The keys of a location's {@code spec.config}, and its certificates, as variables of mover's. */
final class AwsConfig {

  static final String AUTHORITIES = "MOVER_S3_CA_PEM";

  /** The kernel takes no variable longer than 128 KiB. */
  private static final int MAX_AUTHORITIES = 96 << 10;

  /**
   * Without meaning for us: signed addresses for people, configuration that Java reads anyway, the
   * older repository of files, and checksums, which a probe of the store chooses.
   */
  private static final Set<String> WITHOUT_MEANING =
      Set.of(
          "publicUrl",
          "signatureVersion",
          "enableSharedConfig",
          "credentialsFile",
          "resticRepoPrefix",
          "checksumAlgorithm");

  private static final Set<String> CUSTOMER_KEYS =
      Set.of("customerKeyEncryptionFile", "customerKeyEncryptionSecret");

  private final ClusterObject location;
  private final Map<String, String> config;

  AwsConfig(ClusterObject location) {
    this.location = location;
    this.config = location.texts("spec", "config");
  }

  Map<String, String> variables() throws MoverException {
    requireKnown();
    Map<String, String> all = new LinkedHashMap<>();
    Optional<String> server = value("s3Url");
    if (server.isPresent()) {
      all.put("MOVER_S3_ENDPOINT", endpoint(server.get()));
      // mover alone would put the bucket into the path; Velero does only where it is told to.
      all.put("MOVER_S3_PATH_STYLE", String.valueOf(flag("s3ForcePathStyle")));
    } else if (flag("s3ForcePathStyle")) {
      all.put("MOVER_S3_PATH_STYLE", "true");
    }
    value("region").ifPresent(region -> all.put("MOVER_S3_REGION", region));
    value("profile").ifPresent(profile -> all.put("MOVER_S3_PROFILE", profile));
    if (flag("insecureSkipTLSVerify")) {
      all.put("MOVER_S3_INSECURE_TLS", "true");
    }
    value("kmsKeyId").ifPresent(key -> all.put("MOVER_S3_KMS_KEY", key));
    value("serverSideEncryption").ifPresent(kind -> all.put("MOVER_S3_SSE", kind));
    if (value("tagging").isPresent()) {
      all.put("MOVER_S3_TAGS", tags(value("tagging").get()));
    }
    Optional<String> authorities = location.text("spec", "objectStorage", "caCert");
    if (authorities.isPresent()) {
      all.put(AUTHORITIES, authorities(authorities.get()));
    }
    return all;
  }

  private void requireKnown() throws MoverException {
    Set<String> unknown = new TreeSet<>(config.keySet());
    unknown.removeAll(WITHOUT_MEANING);
    unknown.removeAll(
        Set.of(
            "region",
            "s3Url",
            "s3ForcePathStyle",
            "insecureSkipTLSVerify",
            "profile",
            "kmsKeyId",
            "serverSideEncryption",
            "tagging"));
    for (String key : CUSTOMER_KEYS) {
      if (unknown.remove(key) && value(key).isPresent()) {
        throw refused(
            key,
            "blockmover sends no key of yours with its requests (SSE-C)",
            "use a location without it: blockmover encrypts all that it stores itself");
      }
    }
    if (!unknown.isEmpty()) {
      throw refused(
          unknown.iterator().next(),
          "this version of blockmover does not know what that asks for",
          "correct the key, or update blockmover");
    }
  }

  private Optional<String> value(String key) {
    return Optional.ofNullable(config.get(key)).map(String::strip).filter(v -> !v.isEmpty());
  }

  /** As Go reads it. */
  private boolean flag(String key) throws MoverException {
    String text = value(key).orElse("false");
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default -> throw refused(key, "'" + text + "' is neither true nor false", "correct it");
    };
  }

  private String endpoint(String text) throws MoverException {
    String server = text.replaceAll("/+$", "");
    try {
      URI uri = URI.create(server);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https"))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawPath().isEmpty()) {
        return server;
      }
    } catch (IllegalArgumentException e) {
      // Said below, without the text: it may hold a password.
    }
    throw refused("s3Url", "it must look like https://host:port", "correct it");
  }

  /** Velero's form is that of an address, mover's that of a person. */
  private String tags(String text) throws MoverException {
    List<String> pairs = new ArrayList<>();
    for (String pair : text.split("&", -1)) {
      String decoded;
      try {
        decoded = URLDecoder.decode(pair, UTF_8);
      } catch (IllegalArgumentException e) {
        throw refused("tagging", "'" + pair + "' is not encoded as in an address", "correct it");
      }
      if (decoded.contains(",") || decoded.indexOf('=') < 1) {
        throw refused("tagging", "'" + decoded + "' is no name=value", "write it as a=b&c=d");
      }
      pairs.add(decoded);
    }
    return String.join(",", pairs);
  }

  private String authorities(String base64) throws MoverException {
    String pem;
    try {
      pem = new String(Base64.getMimeDecoder().decode(base64), UTF_8);
    } catch (IllegalArgumentException e) {
      throw refused("caCert", "it is not base64", "correct it, or use caCertRef");
    }
    if (pem.length() > MAX_AUTHORITIES) {
      throw refused(
          "caCert",
          "it is of " + pem.length() + " bytes, too many for a pod's environment",
          "put it into a Secret and name that by caCertRef");
    }
    return pem;
  }

  private MoverException refused(String key, String why, String advice) {
    return ClusterObjectUnusable.refused(
        "BackupStorageLocation " + location.name() + " cannot be used: " + key + ": " + why,
        advice);
  }
}
