package io.blockmover.velero.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.velero.settings.BridgeEnvironment;
import io.blockmover.velero.settings.BridgeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepPodsTest {

  @TempDir private static Path directory;
  private final FakeApiServer server = new FakeApiServer();
  private Cluster cluster;
  private Instant now = Instant.now();

  @BeforeEach
  void connect() throws Exception {
    cluster = Cluster.open(server.kubeconfig(directory));
  }

  @AfterEach
  void stop() {
    cluster.close();
    server.close();
  }

  private void location(String name, String provider, String mode, String phase) {
    server.put(
        """
        {"apiVersion": "velero.io/v1", "kind": "BackupStorageLocation",
         "metadata": {"namespace": "velero", "name": "%1$s", "uid": "uid-%1$s"},
         "spec": {"provider": "%2$s", "accessMode": "%3$s",
                  "objectStorage": {"bucket": "b", "prefix": "p"}},
         "status": {"phase": "%4$s"}}
        """
            .formatted(name, provider, mode, phase));
  }

  private void run() throws Exception {
    new SweepPods(
            cluster,
            new BridgeEnvironment("velero", "mover:1", "mover", "me"),
            () -> BridgeSettings.STANDARD,
            () -> now)
        .run();
  }

  private void phase(String phase) {
    server.change(
        "Pod",
        "velero",
        "bm-sweep-uid-default",
        pod -> pod.putObject("status").put("phase", phase));
  }

  @Test
  void eachLocationIsSweptByAPodWithoutAVolumeAndWithoutAToken() throws Exception {
    location("default", "aws", "ReadWrite", "Available");
    run();
    ObjectNode pod = server.find("Pod", "velero", "bm-sweep-uid-default").orElseThrow();
    assertThat(pod.at("/spec/containers/0/args").toString())
        .isEqualTo("[\"pod\",\"sweep\",\"--velero\",\"s3://b/p\"]");
    assertThat(pod.at("/spec/containers/0/env").toString()).contains("s3://b/p/plugins/blockmover");
    assertThat(pod.at("/spec/containers/0/volumeDevices").isMissingNode()).isTrue();
    assertThat(pod.at("/spec/automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(pod.at("/metadata/ownerReferences/0/uid").asText()).isEqualTo("uid-default");
  }

  @Test
  void thePodOfADayStaysUntilTheNextAndIsReplacedThen() throws Exception {
    location("default", "aws", "ReadWrite", "Available");
    run();
    phase("Running");
    now = now.plus(Duration.ofHours(30));
    run();
    assertThat(server.names("Pod")).hasSize(1);
    phase("Succeeded");
    now = now.minus(Duration.ofHours(7));
    run();
    assertThat(server.names("Pod")).hasSize(1);
    now = now.plus(Duration.ofHours(2));
    run();
    assertThat(server.names("Pod")).isEmpty();
    run();
    assertThat(server.names("Pod")).hasSize(1);
  }

  @Test
  void whatCannotBeSweptHoldsUpNobody() throws Exception {
    location("azure", "azure", "ReadWrite", "Available");
    location("away", "aws", "ReadWrite", "Unavailable");
    location("reads", "aws", "ReadOnly", "Available");
    location("default", "aws", "ReadWrite", "Available");
    run();
    assertThat(server.names("Pod")).containsExactly("velero/bm-sweep-uid-default");
  }
}
