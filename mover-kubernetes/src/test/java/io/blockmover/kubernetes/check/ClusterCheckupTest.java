package io.blockmover.kubernetes.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.check.ClusterFinding.Level;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.FakeKubectl;
import io.blockmover.testkit.kubernetes.FakeRule;
import io.blockmover.testkit.kubernetes.SampleCluster;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each test breaks one thing in a cluster that is well, and nothing else may be found; then it does
 * what is printed, and the cluster is well again.
 */
@Tag("slow")
class ClusterCheckupTest {

  @TempDir private static Path directory;
  private final FakeApiServer server = new FakeApiServer();
  private final FakeKubectl kubectl = new FakeKubectl(server);
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

  private List<ClusterFinding> findings(String check) {
    return run().stream().filter(finding -> finding.check().equals(check)).toList();
  }

  private void assertWell() {
    assertThat(run()).allMatch(finding -> finding.level() == Level.FINE);
  }

  /** Does what is printed, and nothing is left to find. */
  private void repair(ClusterFinding finding) {
    kubectl.run(finding.fix());
    assertWell();
  }

  /** The same of {@code kubectl edit}, in whose editor a person changes the specification. */
  private void repair(ClusterFinding finding, Consumer<ObjectNode> specification) {
    String fix = finding.fix();
    kubectl
        .editing(object -> specification.accept(object.withObject("/spec")))
        .run(fix.substring(fix.indexOf("kubectl edit")));
    assertWell();
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
    ClusterFinding finding = onlyFinding(Level.BROKEN);
    assertThat(finding.text()).contains("no snapshot.storage.k8s.io/v1");
    repair(finding);
  }

  @Test
  void withoutTheChangedBlockApiBackupsCompare() {
    server.without("cbt.storage.k8s.io");
    ClusterFinding finding = onlyFinding(Level.WARNING);
    assertThat(finding.text()).contains("no cbt.storage.k8s.io");
    repair(finding);
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
    repair(finding);
  }

  @Test
  void aPermissionThatOnlySomeCommandsNeedIsAWarning() {
    server.deny(new FakeRule("get", "", "pods/log"));
    ClusterFinding finding = onlyFinding(Level.WARNING);
    assertThat(finding.why()).contains("backup --pvc");
    repair(finding);
  }

  @Test
  void whoMayNotAskForTokensGetsTheRuleToo() {
    server.deny(new FakeRule("create", "", "serviceaccounts/token"));
    List<ClusterFinding> bad =
        run().stream().filter(finding -> finding.level() != Level.FINE).toList();
    assertThat(bad).extracting(ClusterFinding::check).containsExactly("permissions", "token");
    repair(bad.getLast());
  }

  @Test
  void aDriverWithoutSnapshotClassIsBroken() {
    server.delete("VolumeSnapshotClass", "", "snap");
    ClusterFinding finding = onlyFinding(Level.BROKEN);
    assertThat(finding.text()).contains("driver disk.example.com has no VolumeSnapshotClass");
    repair(finding);
  }

  @Test
  void twoDefaultSnapshotClassesAreBroken() {
    snapshotClass("another", "Delete", true);
    ClusterFinding finding = onlyFinding(Level.BROKEN);
    assertThat(finding.text()).contains("2 default VolumeSnapshotClasses");
    repair(finding);
  }

  @Test
  void severalSnapshotClassesWithoutDefaultAreAWarning() {
    snapshotClass("snap", "Delete", false);
    snapshotClass("another", "Delete", false);
    ClusterFinding finding = onlyFinding(Level.WARNING);
    assertThat(finding.text()).contains("none is the default");
    repair(finding);
  }

  @Test
  void aSnapshotClassThatRetainsIsAWarning() {
    snapshotClass("snap", "Retain", true);
    ClusterFinding finding = onlyFinding(Level.WARNING);
    assertThat(finding.why()).contains("a snapshot on the storage that nobody deletes");
    repair(finding);
  }

  @Test
  void aStorageClassOfNoCsiDriverIsAWarning() {
    server.put(
        """
        {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "old"},
         "provisioner": "kubernetes.io/no-provisioner"}
        """);
    assertThat(onlyFinding(Level.WARNING).text()).contains("which is no CSI driver");
    server.delete("StorageClass", "", "old"); // what the printed look-up leaves to the person
    assertWell();
  }

  @Test
  void imagesOfCephWithoutMapsAreAWarning() {
    server.change(
        "StorageClass",
        "",
        "fast",
        object -> {
          object.put("provisioner", "rook-ceph.rbd.csi.ceph.com");
          object.putObject("parameters").put("imageFeatures", "layering").put("pool", "replicated");
        });
    server.put(
        """
        {"apiVersion": "storage.k8s.io/v1", "kind": "CSIDriver",
         "metadata": {"name": "rook-ceph.rbd.csi.ceph.com"}}
        """);
    ClusterFinding finding = findings("Ceph images").getFirst();
    assertThat(finding.level()).isEqualTo(Level.WARNING);
    assertThat(finding.text()).contains("fast: layering");
    kubectl.run(finding.fix());
    assertThat(findings("Ceph images"))
        .containsExactly(
            ClusterFinding.fine("Ceph images", "fast-fast-diff makes images with fast-diff"));
  }

  @Test
  void withoutAStorageClassOfACsiDriverNothingCanBeBackedUp() {
    server.delete("StorageClass", "", "fast");
    ClusterFinding finding = onlyFinding(Level.BROKEN);
    assertThat(finding.text()).isEqualTo("no StorageClass is of a CSI driver");
    repair(finding);
  }

  @Test
  void aDriverWithoutServiceIsAWarning() {
    server.delete("SnapshotMetadataService", "", SampleCluster.DRIVER);
    ClusterFinding finding = onlyFinding(Level.WARNING);
    assertThat(finding.text()).contains("offers no changed block tracking");
    assertThat(finding.fix()) // ClusterDoctorTest runs it
        .startsWith("mover cbt serve --driver disk.example.com ")
        .endsWith("--print-object | kubectl apply -f -");
  }

  @Test
  void aServiceOfNoDriverIsAWarning() {
    server.put(
        """
        {"apiVersion": "cbt.storage.k8s.io/v1beta1", "kind": "SnapshotMetadataService",
         "metadata": {"name": "typo.example.com"},
         "spec": {"address": "a:1", "audience": "a", "caCert": "QQ=="}}
        """);
    ClusterFinding finding = onlyFinding(Level.WARNING);
    assertThat(finding.text()).contains("the name of no CSI driver");
    repair(finding);
  }

  @Test
  void aServiceThatLacksAFieldIsBroken() {
    specBecomes(spec -> spec.put("audience", ""));
    ClusterFinding finding = onlyFinding(Level.BROKEN);
    assertThat(finding.text()).contains("has no spec.audience");
    repair(finding, spec -> spec.put("audience", "disk"));
  }

  @Test
  void anAddressThatIsNoneIsBroken() {
    specBecomes(spec -> spec.put("address", "https://sidecar"));
    ClusterFinding finding = onlyFinding(Level.BROKEN);
    assertThat(finding.text()).contains("is not HOST:PORT");
    repair(finding, spec -> spec.put("address", "127.0.0.1:" + sidecar.port()));
  }

  @Test
  void aNameThatDoesNotResolveOutsideTheClusterIsAWarning() {
    specBecomes(spec -> spec.put("address", "sidecar.invalid:6443"));
    ClusterFinding finding = onlyFinding(Level.WARNING);
    assertThat(finding.text()).contains("does not resolve here");
    assertThat(finding.fix()).startsWith("kubectl run").endsWith("-- doctor --cluster");
  }

  @Test
  void aSidecarThatIsGoneIsBroken() throws Exception {
    sidecar.close();
    ClusterFinding finding = onlyFinding(Level.BROKEN);
    assertThat(finding.text()).contains("nobody answers at 127.0.0.1:");
    assertThat(finding.fix()).contains("kubectl logs -c csi-snapshot-metadata");
    try (TlsServer again = new TlsServer(directory, "-1d", 365, "ip:127.0.0.1")) {
      serviceBecomes(again);
      assertWell();
    }
  }

  @Test
  void anAuthorityThatIsNoneIsBroken() {
    specBecomes(spec -> spec.put("caCert", "UEVN"));
    ClusterFinding finding = onlyFinding(Level.BROKEN);
    assertThat(finding.text()).contains("spec.caCert cannot be read");
    repair(finding, spec -> spec.put("caCert", sidecar.authority()));
  }

  @Test
  void aCertificateOfAnotherAuthorityIsBroken() throws Exception {
    try (TlsServer other = new TlsServer(directory, "-1d", 365, "ip:127.0.0.1")) {
      specBecomes(spec -> spec.put("caCert", other.authority()));
      ClusterFinding finding = onlyFinding(Level.BROKEN);
      assertThat(finding.text()).contains("is refused");
      String patch = finding.fix().substring(finding.fix().indexOf("kubectl patch"));
      kubectl.run(
          patch.replaceAll(
              "\\$\\(kubectl get secret .*\\)", Matcher.quoteReplacement(sidecar.authority())));
      assertWell();
    }
  }

  @Test
  void aCertificateForAnotherNameIsBroken() throws Exception {
    try (TlsServer other = new TlsServer(directory, "-1d", 365, "dns:elsewhere.example.com")) {
      serviceBecomes(other);
      ClusterFinding finding = onlyFinding(Level.BROKEN);
      assertThat(finding.text()).contains("is refused", "127.0.0.1");
      assertThat(finding.fix()).contains("openssl x509 -noout -ext subjectAltName");
      repair(
          finding,
          spec ->
              spec.put("address", "127.0.0.1:" + sidecar.port())
                  .put("caCert", sidecar.authority()));
    }
  }

  @Test
  void aCertificateThatHasEndedIsBroken() throws Exception {
    try (TlsServer old = new TlsServer(directory, "-10d", 5, "ip:127.0.0.1")) {
      serviceBecomes(old);
      ClusterFinding finding = onlyFinding(Level.BROKEN);
      assertThat(finding.text()).contains("is refused: it ended on");
      assertThat(finding.fix()).contains("type=kubernetes.io/tls");
      serviceBecomes(sidecar); // whoever issued it issues it anew
      assertWell();
    }
  }

  @Test
  void aCertificateThatSoonEndsIsAWarning() throws Exception {
    try (TlsServer old = new TlsServer(directory, "-10d", 15, "ip:127.0.0.1")) {
      serviceBecomes(old);
      assertThat(onlyFinding(Level.WARNING).text()).contains("ends on");
      serviceBecomes(sidecar);
      assertWell();
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
    repair(finding);
  }
}
