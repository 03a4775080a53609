package io.blockmover.cbt.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterAccessTest {

  private static final ServiceEndpoint ENDPOINT =
      new ServiceEndpoint("disk.example.com", "disk.storage:6443", "disk", "PEM");

  @TempDir private Path directory;
  private final FakeApiServer server = new FakeApiServer();
  private Cluster cluster;

  @BeforeEach
  void open() throws Exception {
    cluster = Cluster.open(server.kubeconfig(directory));
    server.put(
        """
        {"apiVersion": "cbt.storage.k8s.io/v1beta1", "kind": "SnapshotMetadataService",
         "metadata": {"name": "disk.example.com"},
         "spec": {"address": "disk.storage:6443", "audience": "disk", "caCert": "%s"}}
        """
            .formatted(Base64.getEncoder().encodeToString("PEM".getBytes())));
    server.put(
        """
        {"apiVersion": "v1", "kind": "ServiceAccount",
         "metadata": {"namespace": "backup", "name": "mover"}}
        """);
  }

  @AfterEach
  void close() {
    cluster.close();
    server.close();
  }

  private ClusterAccess access(ObjectName account, Path tokenFile) {
    return new ClusterAccess(() -> cluster, account, tokenFile, Duration.ofMinutes(10));
  }

  @Test
  void theServiceIsTheOneNamedLikeTheDriver() throws Exception {
    assertThat(access(null, null).find("disk.example.com")).contains(ENDPOINT);
    assertThat(access(null, null).find("other.example.com")).isEmpty();
  }

  @Test
  void tokensAreAskedForOnceUntilTheyAreRefused() throws Exception {
    ClusterAccess access = access(new ObjectName("backup", "mover"), null);
    String first = access.token(ENDPOINT);
    assertThat(access.token(ENDPOINT)).isEqualTo(first);
    access.discardToken(ENDPOINT);
    assertThat(access.token(ENDPOINT)).isNotEqualTo(first);
  }

  @Test
  void aUserWithoutServiceAccountIsToldToNameOne() {
    server.caller("kubernetes-admin");
    assertThatThrownBy(() -> access(null, null).token(ENDPOINT))
        .isInstanceOf(AccessDenied.class)
        .hasMessageContaining("the kubeconfig is of a user");
  }

  @Test
  void aProjectedTokenNeedsNoRequest() throws Exception {
    Path file = Files.writeString(directory.resolve("token"), "projected\n");
    assertThat(access(null, file).token(ENDPOINT)).isEqualTo("projected");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aSnapshotThatIsGoneIsNamed() {
    assertThatThrownBy(() -> access(null, null).requireUsable("app", "gone"))
        .isInstanceOf(ClusterObjectUnusable.class)
        .hasMessage("there is no VolumeSnapshot app/gone");
  }
}
