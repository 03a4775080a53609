package io.blockmover.ceph.rbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.ceph.rbd.librbd.ClusterSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CephEnvironmentTest {

  @Test
  void withoutAnyVariableItIsTheAdministratorAndTheUsualFile() {
    assertThat(CephEnvironment.settings(Map.of()))
        .isEqualTo(ClusterSettings.ofFile("/etc/ceph/ceph.conf", "admin"));
  }

  @Test
  void ourOwnVariableForTheFileComesBeforeTheOneOfCeph() {
    assertThat(
            CephEnvironment.settings(Map.of("CEPH_CONF", "/a", "MOVER_CEPH_CONF", "/b"))
                .configurationFile())
        .isEqualTo("/b");
    assertThat(CephEnvironment.settings(Map.of("CEPH_CONF", "/a")).configurationFile())
        .isEqualTo("/a");
  }

  @Test
  void whoNamesMonitorsNeedsNoFile() {
    ClusterSettings settings =
        CephEnvironment.settings(
            Map.of(
                "MOVER_CEPH_MONITORS", "v2:10.0.0.1:3300",
                "MOVER_CEPH_USER", "mover",
                "MOVER_CEPH_KEY", "a-secret"));
    assertThat(settings)
        .isEqualTo(ClusterSettings.ofMonitors("v2:10.0.0.1:3300", "mover", "a-secret"));
    assertThat(settings.toString()).contains("client.mover").doesNotContain("a-secret");
  }
}
