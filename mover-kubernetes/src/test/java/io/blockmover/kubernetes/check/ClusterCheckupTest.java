package io.blockmover.kubernetes.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.check.ClusterFinding.Level;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.FakeRule;
import io.blockmover.testkit.kubernetes.SampleCluster;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each test breaks one thing in a cluster that is well, and nothing else may be found. */
@Tag("slow")
class ClusterCheckupTest {

  private static final Pattern RULE =
      Pattern.compile("apiGroups: \\[\"(.*)\"], resources: \\[(.*)], verbs: \\[(.*)]}");

  @TempDir private static Path directory;
  private final FakeApiServer server = new FakeApiServer();
  private Cluster cluster;
  private TlsServer sidecar;

  @BeforeEach
  void makeAClusterThatIsWell() throws Exception {
    cluster = Cluster.open(server.kubeconfig(directory));
    sidecar = new TlsServer(directory, "-1d", 365, "ip:127.0.0.1");
    SampleCluster.claim(server);
    SampleCluster.service(server, "v1beta1");
    serviceBecomes(sidecar);
    server.put(
        """
        {"apiVersion": "storage.k8s.io/v1", "kind": "CSIDriver",
         "metadata": {"name": "disk.example.com"}}
        """);
    snapshotClass("snap", "Delete", true);
    server.put(
        """
        {"apiVersion": "v1", "kind": "ServiceAccount",
         "metadata": {"namespace": "mover", "name": "mover"}}
        """);
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
    server.close();
    sidecar.close();
  }

  private void serviceBecomes(TlsServer tls) {
    specBecomes(
        spec -> spec.put("address", "127.0.0.1:" + tls.port()).put("caCert", tls.authority()));
  }

  private void specBecomes(Consumer<ObjectNode> change) {
    server.change(
        "SnapshotMetadataService",
        "",
        SampleCluster.DRIVER,
        object -> change.accept(object.withObject("/spec")));
  }

  private void snapshotClass(String name, String policy, boolean standard) {
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotClass",
         "metadata": {"name": "%s", "annotations": {
           "snapshot.storage.kubernetes.io/is-default-class": "%s"}},
         "driver": "disk.example.com", "deletionPolicy": "%s"}
        """
            .formatted(name, standard, policy));
  }

  private List<ClusterFinding> run() {
    return new ClusterCheckup(cluster, "", Clock.systemUTC()).run();
  }

  /** The one finding that is not fine. */
  private ClusterFinding onlyFinding(Level level) {
    List<ClusterFinding> bad =
        run().stream().filter(finding -> finding.level() != Level.FINE).toList();
    assertThat(bad).hasSize(1);
    ClusterFinding found = bad.getFirst();
    assertThat(found.level()).isEqualTo(level);
    assertThat(found.why()).isNotEmpty();
    assertThat(found.fix()).isNotEmpty();
    return found;
  }

  private void assertWell() {
    assertThat(run()).allMatch(finding -> finding.level() == Level.FINE);
  }

  /** Does to the fake server what the printed rule does to a real one. */
  private void applyRules(String fix) {
    Matcher rule = RULE.matcher(fix);
    while (rule.find()) {
      for (String verb : rule.group(3).split(", ", -1)) {
        server.allow(new FakeRule(verb, rule.group(1), rule.group(2)));
      }
    }
  }

  @Test
  void aClusterThatIsWellIsFine() {
    assertWell();
    assertThat(run())
        .extracting(ClusterFinding::check)
        .contains(
            "API server",
            "permissions",
            "snapshot API",
            "storage classes",
            "snapshot classes",
            "changed block API",
            "changed blocks",
            "token",
            "sidecar",
            "volume modes");
  }

  @Test
  void aServerThatDoesNotAnswerIsTheOnlyFinding() {
    server.close();
    assertThat(onlyFinding(Level.BROKEN).check()).isEqualTo("API server");
  }

  @Test
  void withoutTheSnapshotApiNoBackupIsPossible() {
    server.without("snapshot.storage.k8s.io");
    assertThat(onlyFinding(Level.BROKEN).text()).contains("no snapshot.storage.k8s.io/v1");
  }

  @Test
  void withoutTheChangedBlockApiBackupsCompare() {
    server.without("cbt.storage.k8s.io");
    assertThat(onlyFinding(Level.WARNING).text()).contains("no cbt.storage.k8s.io");
  }

  @Test
  void aMissingPermissionIsBrokenAndThePrintedRuleRepairsIt() {
    server.deny(new FakeRule("get", "snapshot.storage.k8s.io", "volumesnapshotcontents"));
    ClusterFinding finding = onlyFinding(Level.BROKEN);
    assertThat(finding.text())
        .isEqualTo(
            "system:serviceaccount:mover:mover may not get"
                + " volumesnapshotcontents.snapshot.storage.k8s.io");
    assertThat(finding.fix()).contains("{kind: ServiceAccount, namespace: mover, name: mover}");
    applyRules(finding.fix());
    assertWell();
  }

  @Test
  void aPermissionThatOnlySomeCommandsNeedIsAWarning() {
    server.deny(new FakeRule("get", "", "pods/log"));
    ClusterFinding finding = onlyFinding(Level.WARNING);
    assertThat(finding.why()).contains("backup --pvc");
    applyRules(finding.fix());
    assertWell();
  }

  @Test
  void whoMayNotAskForTokensGetsTheRuleToo() {
    server.deny(new FakeRule("create", "", "serviceaccounts/token"));
    List<ClusterFinding> bad =
        run().stream().filter(finding -> finding.level() != Level.FINE).toList();
    assertThat(bad).extracting(ClusterFinding::check).containsExactly("permissions", "token");
    applyRules(bad.getLast().fix());
    assertWell();
  }

  @Test
  void aDriverWithoutSnapshotClassIsBroken() {
    server.delete("VolumeSnapshotClass", "", "snap");
    assertThat(onlyFinding(Level.BROKEN).fix())
        .contains("kind: VolumeSnapshotClass", "driver: disk.example.com");
    snapshotClass("disk.example.com-snapshots", "Delete", false);
    assertWell();
  }

  @Test
  void twoDefaultSnapshotClassesAreBroken() {
    snapshotClass("another", "Delete", true);
    assertThat(onlyFinding(Level.BROKEN).text()).contains("2 default VolumeSnapshotClasses");
  }

  @Test
  void severalSnapshotClassesWithoutDefaultAreAWarning() {
    snapshotClass("snap", "Delete", false);
    snapshotClass("another", "Delete", false);
    assertThat(onlyFinding(Level.WARNING).text()).contains("none is the default");
  }

  @Test
  void aSnapshotClassThatRetainsIsAWarning() {
    snapshotClass("snap", "Retain", true);
    assertThat(onlyFinding(Level.WARNING).fix()).contains("\"deletionPolicy\":\"Delete\"");
  }

  @Test
  void aStorageClassOfNoCsiDriverIsAWarning() {
    server.put(
        """
        {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "old"},
         "provisioner": "kubernetes.io/no-provisioner"}
        """);
    assertThat(onlyFinding(Level.WARNING).text()).contains("which is no CSI driver");
  }

  @Test
  void withoutAStorageClassOfACsiDriverNothingCanBeBackedUp() {
    server.delete("StorageClass", "", "fast");
    assertThat(onlyFinding(Level.BROKEN).text()).isEqualTo("no StorageClass is of a CSI driver");
  }

  @Test
  void aDriverWithoutServiceIsAWarning() {
    server.delete("SnapshotMetadataService", "", SampleCluster.DRIVER);
    assertThat(onlyFinding(Level.WARNING).text()).contains("offers no changed block tracking");
  }

  @Test
  void aServiceOfNoDriverIsAWarning() {
    server.put(
        """
        {"apiVersion": "cbt.storage.k8s.io/v1beta1", "kind": "SnapshotMetadataService",
         "metadata": {"name": "typo.example.com"},
         "spec": {"address": "a:1", "audience": "a", "caCert": "QQ=="}}
        """);
    assertThat(onlyFinding(Level.WARNING).text()).contains("the name of no CSI driver");
  }

  @Test
  void aServiceThatLacksAFieldIsBroken() {
    specBecomes(spec -> spec.put("audience", ""));
    assertThat(onlyFinding(Level.BROKEN).text()).contains("has no spec.audience");
  }

  @Test
  void anAddressThatIsNoneIsBroken() {
    specBecomes(spec -> spec.put("address", "https://sidecar"));
    assertThat(onlyFinding(Level.BROKEN).text()).contains("is not HOST:PORT");
  }

  @Test
  void aNameThatDoesNotResolveOutsideTheClusterIsAWarning() {
    specBecomes(spec -> spec.put("address", "sidecar.invalid:6443"));
    assertThat(onlyFinding(Level.WARNING).text()).contains("does not resolve here");
  }

  @Test
  void aSidecarThatIsGoneIsBroken() throws Exception {
    sidecar.close();
    assertThat(onlyFinding(Level.BROKEN).text()).contains("nobody answers at 127.0.0.1:");
  }

  @Test
  void anAuthorityThatIsNoneIsBroken() {
    specBecomes(spec -> spec.put("caCert", "UEVN"));
    assertThat(onlyFinding(Level.BROKEN).text()).contains("spec.caCert cannot be read");
  }

  @Test
  void aCertificateOfAnotherAuthorityIsBroken() throws Exception {
    try (TlsServer other = new TlsServer(directory, "-1d", 365, "ip:127.0.0.1")) {
      specBecomes(spec -> spec.put("caCert", other.authority()));
      assertThat(onlyFinding(Level.BROKEN).text()).contains("is refused");
    }
  }

  @Test
  void aCertificateForAnotherNameIsBroken() throws Exception {
    try (TlsServer other = new TlsServer(directory, "-1d", 365, "dns:elsewhere.example.com")) {
      serviceBecomes(other);
      assertThat(onlyFinding(Level.BROKEN).text()).contains("is refused", "127.0.0.1");
    }
  }

  @Test
  void aCertificateThatHasEndedIsBroken() throws Exception {
    try (TlsServer old = new TlsServer(directory, "-10d", 5, "ip:127.0.0.1")) {
      serviceBecomes(old);
      assertThat(onlyFinding(Level.BROKEN).text()).contains("is refused: it ended on");
    }
  }

  @Test
  void aCertificateThatSoonEndsIsAWarning() throws Exception {
    try (TlsServer old = new TlsServer(directory, "-10d", 15, "ip:127.0.0.1")) {
      serviceBecomes(old);
      assertThat(onlyFinding(Level.WARNING).text()).contains("ends on");
    }
  }

  @Test
  void aFileSystemThatNothingFlushesIsTheTrapAndTheAnnotationEndsIt() {
    server.put(
        """
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "app", "name": "db-0"},
         "spec": {"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "data"}}],
                  "containers": [{"name": "db", "image": "db",
                                  "volumeMounts": [{"name": "v", "mountPath": "/var/lib/db"}]}]},
         "status": {"phase": "Running"}}
        """);
    ClusterFinding finding = onlyFinding(Level.WARNING);
    assertThat(finding.text()).contains("pod app/db-0 writes to claim data");
    assertThat(finding.fix())
        .contains(
            "-n app pod/db-0", "container=db", "[\"/sbin/fsfreeze\",\"--freeze\",\"/var/lib/db\"]");
    server.change(
        "Pod",
        "app",
        "db-0",
        pod ->
            pod.withObject("/metadata/annotations").put("pre.hook.backup.velero.io/command", "[]"));
    assertWell();
  }
}
