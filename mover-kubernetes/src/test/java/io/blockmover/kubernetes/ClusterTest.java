package io.blockmover.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.ClusterUnavailable;
import io.blockmover.testkit.SelfSignedCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterTest {

  @TempDir private Path directory;

  private static String base64(Path file) throws Exception {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
  }

  private Path kubeconfig(String algorithm) throws Exception {
    SelfSignedCertificate me = SelfSignedCertificate.make(directory, algorithm);
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
            .formatted(base64(me.certificate()), base64(me.key())));
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
