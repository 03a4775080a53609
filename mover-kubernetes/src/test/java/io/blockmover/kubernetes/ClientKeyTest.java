package io.blockmover.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.testkit.SelfSignedCertificate;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientKeyTest {

  @TempDir private Path directory;

  @Test
  void aKubeconfigWithAnEllipticKeyInPkcs8IsUsed() throws Exception {
    SelfSignedCertificate client = SelfSignedCertificate.make(directory);
    try (FakeApiServer server = new FakeApiServer()) {
      Path kubeconfig =
          Files.writeString(
              directory.resolve("config"),
              """
              apiVersion: v1
              kind: Config
              clusters: [{name: c, cluster: {server: "%s"}}]
              users: [{name: u, user: {client-certificate-data: %s, client-key-data: %s}}]
              contexts: [{name: x, context: {cluster: c, user: u}}]
              current-context: x
              """
                  .formatted(server.url(), base64(client.certificate()), base64(client.key())));
      try (Cluster cluster = Cluster.open(kubeconfig)) {
        assertThat(cluster.tokens().user()).isNotEmpty();
      }
    }
  }

  private static String base64(Path file) throws Exception {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
  }
}
