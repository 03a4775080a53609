package io.blockmover.ceph.rbd.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.ceph.rbd.csi.CsiCluster;
import io.blockmover.ceph.rbd.csi.CsiHandle;
import io.blockmover.testkit.kubernetes.FakeRule;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KubernetesClustersTest {

  private static final String CONFIG =
      """
      [{"clusterID": "other", "monitors": ["10.0.0.9:3300"]},
       {"clusterID": "storage-client", "monitors": ["10.0.0.1:3300", "10.0.0.2:3300"],
        "rbd": {"radosNamespace": "tenant"}}]
      """;

  private CephCsiCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = new CephCsiCluster();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private List<CsiCluster> find(String clusterId, Map<String, String> environment)
      throws MoverException {
    CsiHandle handle = new CsiHandle(clusterId, 7, UUID.randomUUID().toString());
    return cluster.clusters(environment).find(CephCsiCluster.reference(handle.toString()), handle);
  }

  private CsiCluster one(String clusterId) throws MoverException {
    List<CsiCluster> found = find(clusterId, Map.of());
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private void contentWithSecret() {
    cluster.content("content-1", "snapclass", "csi-user");
    cluster.secret("openshift-storage", "csi-user", "csi-rbd-provisioner.2", "KEY\n");
  }

  @Test
  void theOperatorsConfigMapNamesMonitorsAndRadosNamespace() throws Exception {
    contentWithSecret();
    cluster.configMap("openshift-storage", "ceph-csi-config", "config.json", CONFIG);
    CsiCluster found = one("storage-client");
    assertThat(found.settings().monitors()).isEqualTo("10.0.0.1:3300,10.0.0.2:3300");
    assertThat(found.settings().user()).isEqualTo("csi-rbd-provisioner.2");
    assertThat(found.settings().key()).isEqualTo("KEY");
    assertThat(found.namespace()).isEqualTo("tenant");
    assertThat(found.poolId()).isEqualTo(7);
  }

  @Test
  void rooksConfigMapIsReadToo() throws Exception {
    contentWithSecret();
    cluster.configMap(
        "openshift-storage",
        "rook-ceph-csi-config",
        "csi-cluster-config-json",
        """
        [{"clusterID": "rook", "monitors": ["10.0.0.3:6789"], "radosNamespace": "old-place"}]
        """);
    CsiCluster found = one("rook");
    assertThat(found.settings().monitors()).isEqualTo("10.0.0.3:6789");
    assertThat(found.namespace()).isEqualTo("old-place");
  }

  @Test
  void theOperatorsObjectsDoWhereThereIsNoConfigMap() throws Exception {
    contentWithSecret();
    cluster.profile("storage-client", "tenant", "10.0.0.4:3300");
    CsiCluster found = one("storage-client");
    assertThat(found.settings().monitors()).isEqualTo("10.0.0.4:3300");
    assertThat(found.namespace()).isEqualTo("tenant");
  }

  @Test
  void theMonitorsOfRooksClusterAreTheLastResort() throws Exception {
    contentWithSecret();
    cluster.configMap(
        "openshift-storage", "rook-ceph-mon-endpoints", "data", "a=10.0.0.5:6789,b=10.0.0.6:6789");
    assertThat(one("openshift-storage").settings().monitors())
        .isEqualTo("10.0.0.5:6789,10.0.0.6:6789");
  }

  @Test
  void plainCephCsiIsFoundInTheNamespaceOfItsSecret() throws Exception {
    cluster.snapshotClass("snapclass", "storage", "csi-rbd-secret");
    cluster.content("content-1", "snapclass", "");
    cluster.secret("storage", "csi-rbd-secret", "kubernetes", "KEY");
    cluster.configMap("storage", "ceph-csi-config", "config.json", CONFIG);
    assertThat(one("storage-client").settings().user()).isEqualTo("kubernetes");
  }

  @Test
  void theVolumesSecretsDoWhereTheSnapshotNamesNone() throws Exception {
    cluster.claim("not-there", "for-growing");
    cluster.secret("openshift-storage", "for-growing", "grower", "KEY");
    cluster.configMap("openshift-storage", "ceph-csi-config", "config.json", CONFIG);
    assertThat(one("storage-client").settings().user()).isEqualTo("grower");
  }

  @Test
  void theClassesSecretsDoWhereSnapshotAndVolumeAreGone() throws Exception {
    cluster.snapshotClass("snapclass", "openshift-storage", "of-the-class");
    cluster.secret("openshift-storage", "of-the-class", "classy", "KEY");
    cluster.configMap("openshift-storage", "ceph-csi-config", "config.json", CONFIG);
    assertThat(one("storage-client").settings().user()).isEqualTo("classy");
  }

  @Test
  void aSecretOfOnesOwnGoesBeforeTheDrivers() throws Exception {
    contentWithSecret();
    cluster.clientSecret("app", "rook-ceph-client-mover", "mover", "READONLY");
    cluster.configMap("openshift-storage", "ceph-csi-config", "config.json", CONFIG);
    CsiCluster found =
        find("storage-client", Map.of("MOVER_CEPH_SECRET", "app/rook-ceph-client-mover"))
            .getFirst();
    assertThat(found.settings().user()).isEqualTo("mover");
    assertThat(found.settings().key()).isEqualTo("READONLY");
  }

  @Test
  void aUserOfTheEnvironmentNeedsNoSecret() throws Exception {
    cluster.server().deny(new FakeRule("get", "", "secrets"));
    cluster.configMap("openshift-storage", "ceph-csi-config", "config.json", CONFIG);
    CsiCluster found =
        find("storage-client", Map.of("MOVER_CEPH_USER", "mover", "MOVER_CEPH_KEY", "K"))
            .getFirst();
    assertThat(found.settings().user()).isEqualTo("mover");
    assertThat(cluster.server().requests()).noneMatch(it -> it.contains("/secrets"));
  }

  @Test
  void nothingIsLookedUpWhereTheEnvironmentSaysItAll() throws Exception {
    CsiCluster found =
        find(
                "unknown",
                Map.of(
                    "MOVER_CEPH_MONITORS", "10.1.1.1:3300",
                    "MOVER_CEPH_NAMESPACE", "tenant",
                    "MOVER_CEPH_USER", "mover",
                    "MOVER_CEPH_KEY", "K"))
            .getFirst();
    assertThat(found.settings().monitors()).isEqualTo("10.1.1.1:3300");
    assertThat(found.namespace()).isEqualTo("tenant");
    assertThat(cluster.server().requests()).isEmpty();
  }

  @Test
  void afterADisasterRecoveryAHandleMeansThePoolOfThisSite() throws Exception {
    contentWithSecret();
    cluster.configMap("openshift-storage", "ceph-csi-config", "config.json", CONFIG);
    cluster
        .server()
        .change(
            "ConfigMap",
            "openshift-storage",
            "ceph-csi-config",
            map ->
                map.withObject("/data")
                    .put(
                        "cluster-mapping.json",
                        """
                        [{"clusterIDMapping": {"there": "storage-client"},
                          "RBDPoolIDMapping": [{"7": "3"}, {"8": "4"}]}]
                        """));
    CsiCluster found = one("there");
    assertThat(found.namespace()).isEqualTo("tenant");
    assertThat(found.poolId()).isEqualTo(3);
    List<CsiCluster> both = find("storage-client", Map.of());
    assertThat(both).extracting(CsiCluster::poolId).containsExactly(7L);
  }

  @Test
  void theOperatorsMappingObjectsAreReadInBothDirections() throws Exception {
    contentWithSecret();
    cluster.profile("here", "", "10.0.0.4:3300");
    cluster
        .server()
        .put(
            """
            {"apiVersion": "csi.ceph.io/v1", "kind": "ClientProfileMapping",
             "metadata": {"namespace": "openshift-storage", "name": "m"},
             "spec": {"mappings": [{"localClientProfile": "here", "remoteClientProfile": "there",
                                    "blockPoolIdMapping": [["3", "7"]]}]}}
            """);
    assertThat(one("there").poolId()).isEqualTo(3);
  }

  @Test
  void anUnknownClusterIdIsASentenceThatNamesWhereItWasLookedFor() {
    contentWithSecret();
    cluster.configMap("openshift-storage", "ceph-csi-config", "config.json", CONFIG);
    assertThatThrownBy(() -> find("nobody", Map.of()))
        .isInstanceOfSatisfying(
            TrackingUnavailable.class,
            e -> assertThat(e.advice()).contains("MOVER_CEPH_CSI_NAMESPACE"))
        .hasMessageContaining("cluster id nobody")
        .hasMessageContaining("ConfigMap openshift-storage/ceph-csi-config does not name it")
        .hasMessageContaining("ConfigMap rook-ceph/rook-ceph-csi-config is not there");
  }

  @Test
  void whatMayNotBeReadOrIsNoJsonIsNamed() {
    contentWithSecret();
    cluster.configMap("openshift-storage", "ceph-csi-config", "config.json", "{{ oops");
    assertThatThrownBy(() -> find("storage-client", Map.of()))
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining(
            "openshift-storage/ceph-csi-config holds something under config.json");
    cluster.server().deny(new FakeRule("get", "", "configmaps"));
    assertThatThrownBy(() -> find("storage-client", Map.of()))
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("ConfigMap openshift-storage/ceph-csi-config may not be read");
  }

  @Test
  void whoMayAskIsNamedIfNobodyMay() {
    contentWithSecret();
    cluster.configMap("openshift-storage", "ceph-csi-config", "config.json", CONFIG);
    cluster.server().deny(new FakeRule("get", "", "secrets"));
    assertThatThrownBy(() -> find("storage-client", Map.of()))
        .isInstanceOfSatisfying(
            TrackingUnavailable.class, e -> assertThat(e.advice()).contains("MOVER_CEPH_USER"))
        .hasMessageContaining("Secret openshift-storage/csi-user may not be read");
  }

  @Test
  void anApiServerThatDoesNotAnswerIsAReasonForTheNextRung() {
    cluster.server().fail(request -> true, 500, 1000);
    assertThatThrownBy(() -> find("storage-client", Map.of()))
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("cannot be looked up");
  }
}
