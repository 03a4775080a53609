package io.blockmover.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.ClusterUnavailable;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterTest {

  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private Path directory;

  private static String pem(String what, byte[] content) {
    String pem =
        "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
            .formatted(what, Base64.getMimeEncoder().encodeToString(content));
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
  }

  private Path kubeconfig(String algorithm) throws Exception {
    Path file = directory.resolve("keys");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                algorithm,
                "-alias",
                "me",
                "-dname",
                "CN=me",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    return Files.writeString(
        directory.resolve("config"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: me, user: {client-certificate-data: %s, client-key-data: %s}}]
        contexts: [{name: c, context: {cluster: c, user: me}}]
        current-context: c
        """
            .formatted(
                pem("CERTIFICATE", keys.getCertificate("me").getEncoded()),
                pem("PRIVATE KEY", keys.getKey("me", PASSWORD).getEncoded())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void keysOfEveryKindLogIn(String algorithm) throws Exception {
    try (Cluster cluster = Cluster.open(kubeconfig(algorithm))) {
      assertThat(cluster.address()).isEqualTo("https://127.0.0.1:1/");
    }
  }

  @Test
  void aConfigurationThatCannotBeReadIsNamed() {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> Cluster.open(missing))
        .isInstanceOf(ClusterUnavailable.class)
        .hasMessageContaining(missing.toString());
  }
}
