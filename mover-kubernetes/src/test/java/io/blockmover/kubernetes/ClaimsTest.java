package io.blockmover.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.SampleCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimsTest {

  private static final ObjectName NAME = new ObjectName("app", "data");

  private final FakeApiServer server = new FakeApiServer();
  private Cluster cluster;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    cluster = Cluster.open(server.kubeconfig(directory));
    SampleCluster.claim(server);
    SampleCluster.snapshot(server, "monday", 1);
  }

  @AfterEach
  void stop() {
    cluster.close();
    server.close();
  }

  private SnapshotFacts snapshot() throws Exception {
    return cluster.snapshots().load(new ObjectName("app", "monday"));
  }

  @Test
  void aClaimIsFoundWithItsVolume() throws Exception {
    ClaimFacts claim = cluster.claims().load(NAME);
    claim.requireBound();
    assertThat(claim.volumeName()).isEqualTo("app/data@claim-1");
    assertThat(claim.sizeBytes()).isEqualTo(1L << 30);
    assertThat(claim.block()).isFalse();
    assertThat(claim.storageClass()).contains("fast");
    assertThat(claim.labels()).containsEntry("tier", "db");
    assertThat(cluster.claims().volumeOf(claim))
        .hasValueSatisfying(
            volume -> {
              assertThat(volume.driver()).isEqualTo(SampleCluster.DRIVER);
              assertThat(volume.volumeHandle()).isEqualTo("vol-1");
            });
    assertThat(cluster.claims().list("app")).containsExactly(claim);
  }

  @Test
  void aClaimThatIsNotThereOrNotBoundIsAnError() {
    assertThatThrownBy(() -> cluster.claims().load(new ObjectName("app", "nothing")))
        .hasMessage("there is no claim app/nothing");
    server.change(
        "PersistentVolumeClaim",
        "app",
        "data",
        claim -> claim.withObject("/status").put("phase", "Pending"));
    assertThatThrownBy(() -> cluster.claims().load(NAME).requireBound())
        .hasMessageContaining("is not bound to a volume");
  }

  @Test
  void theClaimOfASnapshotIsTheOneThatHasTheVolume() throws Exception {
    assertThat(cluster.claims().sourceOf(snapshot()))
        .hasValueSatisfying(claim -> assertThat(claim.name()).isEqualTo(NAME));
  }

  @Test
  void aClaimThatWasMadeAnewIsNotTheSourceOfAnOldSnapshot() throws Exception {
    server.change(
        "PersistentVolume",
        "",
        "pv-1",
        volume -> volume.withObject("/spec/csi").put("volumeHandle", "vol-2"));
    assertThat(cluster.claims().sourceOf(snapshot())).isEmpty();
    server.delete("PersistentVolumeClaim", "app", "data");
    assertThat(cluster.claims().sourceOf(snapshot())).isEmpty();
  }

  @Test
  void podsThatHaveEndedDoNotUseTheirClaim() throws Exception {
    for (String phase : new String[] {"Running", "Pending", "Succeeded", "Failed"}) {
      server.put(
          """
          {"apiVersion": "v1", "kind": "Pod",
           "metadata": {"namespace": "app", "name": "%s"},
           "spec": {"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "data"}},
                                {"name": "e", "emptyDir": {}}]},
           "status": {"phase": "%s"}}
          """
              .formatted(phase.toLowerCase(java.util.Locale.ROOT), phase));
    }
    assertThat(cluster.claims().users(NAME)).containsExactlyInAnyOrder("running", "pending");
    assertThat(cluster.claims().users(new ObjectName("app", "other"))).isEmpty();
  }
}
