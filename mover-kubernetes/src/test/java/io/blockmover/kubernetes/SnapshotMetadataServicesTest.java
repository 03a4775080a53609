package io.blockmover.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.SampleCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotMetadataServicesTest {

  private final FakeApiServer server = new FakeApiServer();
  private Cluster cluster;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    cluster = Cluster.open(server.kubeconfig(directory));
  }

  @AfterEach
  void stop() {
    cluster.close();
    server.close();
  }

  @Test
  void theServiceIsThatOfTheDriverAndNotTheFirstOne() throws Exception {
    server.put(
        """
        {"apiVersion": "cbt.storage.k8s.io/v1beta1", "kind": "SnapshotMetadataService",
         "metadata": {"name": "a.example.com"},
         "spec": {"address": "a:1", "audience": "a", "caCert": "QQ=="}}
        """);
    SampleCluster.service(server, "v1beta1");
    assertThat(cluster.metadataServices().find(SampleCluster.DRIVER))
        .hasValueSatisfying(
            service -> {
              assertThat(service.address()).isEqualTo("disk.storage:6443");
              assertThat(service.audience()).isEqualTo("disk");
              assertThat(service.caCertificates()).isEqualTo("PEM");
              assertThat(service.keepsBase()).isTrue();
            });
    assertThat(cluster.metadataServices().drivers())
        .containsExactly("a.example.com", SampleCluster.DRIVER);
  }

  @Test
  void anOldClusterIsAskedInItsVersion() throws Exception {
    server.without("cbt.storage.k8s.io/v1beta1");
    SampleCluster.service(server, "v1alpha1");
    assertThat(cluster.metadataServices().find(SampleCluster.DRIVER))
        .hasValueSatisfying(s -> assertThat(s.apiVersion()).isEqualTo("v1alpha1"));
  }

  @Test
  void withoutTheApiOrTheObjectThereIsNoService() throws Exception {
    assertThat(cluster.metadataServices().find(SampleCluster.DRIVER)).isEmpty();
    server.without("cbt.storage.k8s.io");
    assertThat(cluster.metadataServices().servedVersions()).isEmpty();
    assertThat(cluster.metadataServices().find(SampleCluster.DRIVER)).isEmpty();
  }

  @Test
  void aDriverMayNotNeedItsBase() throws Exception {
    SampleCluster.service(server, "v1beta1");
    server.change(
        "SnapshotMetadataService",
        "",
        SampleCluster.DRIVER,
        object -> object.withObject("/spec").put("requireBaseSnapshotForDelta", false));
    assertThat(cluster.metadataServices().find(SampleCluster.DRIVER))
        .hasValueSatisfying(service -> assertThat(service.keepsBase()).isFalse());
  }

  @ParameterizedTest
  @ValueSource(strings = {"address", "audience", "caCert"})
  void anEmptyFieldIsRefusedByName(String field) {
    SampleCluster.service(server, "v1beta1");
    server.change(
        "SnapshotMetadataService",
        "",
        SampleCluster.DRIVER,
        object -> object.withObject("/spec").put(field, ""));
    assertThatThrownBy(() -> cluster.metadataServices().find(SampleCluster.DRIVER))
        .isInstanceOf(ClusterObjectUnusable.class)
        .hasMessageContaining("has no spec." + field);
  }
}
