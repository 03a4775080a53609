package io.blockmover.kubernetes;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The client key of a kubeconfig. The library takes each key in PKCS #8 for one of RSA unless it is
 * told otherwise, and fails on the others.
 */
final class ClientKey {

  private static final String ELLIPTIC = "EC";
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  private ClientKey() {}

  /** The algorithm to name to the library. */
  static @Nullable String algorithm(Config config) throws IOException {
    String pem = pem(config);
    Matcher matcher = PKCS8.matcher(pem);
    return matcher.find() && isElliptic(matcher.group(1)) ? ELLIPTIC : config.getClientKeyAlgo();
  }

  private static String pem(Config config) throws IOException {
    if (config.getClientKeyData() != null) {
      return new String(
          Base64.getMimeDecoder().decode(config.getClientKeyData()), StandardCharsets.US_ASCII);
    }
    return config.getClientKeyFile() == null
        ? ""
        : Files.readString(Path.of(config.getClientKeyFile()));
  }

  private static boolean isElliptic(String base64) {
    try {
      byte[] key = Base64.getMimeDecoder().decode(base64);
      return KeyFactory.getInstance(ELLIPTIC).generatePrivate(new PKCS8EncodedKeySpec(key)) != null;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }
}
