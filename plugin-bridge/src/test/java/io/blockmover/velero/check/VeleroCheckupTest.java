package io.blockmover.velero.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.check.ClusterFinding;
import io.blockmover.kubernetes.check.ClusterFinding.Level;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.FakeKubectl;
import io.blockmover.testkit.kubernetes.FakeRule;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each test breaks one thing in a cluster that is well, and nothing else may be found; then it does
 * what is printed, and the cluster is well again.
 */
class VeleroCheckupTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final String USER = "system:serviceaccount:velero:blockmover-controller";

  @TempDir private static Path directory;
  private final FakeApiServer server = new FakeApiServer();
  private final FakeKubectl kubectl = new FakeKubectl(server);
  private Cluster cluster;

  @BeforeEach
  void makeAClusterThatIsWell() throws Exception {
    cluster = Cluster.open(server.kubeconfig(directory));
    server.caller(USER);
    server.put(
        """
        {"apiVersion": "apps/v1", "kind": "Deployment",
         "metadata": {"namespace": "velero", "name": "velero"},
         "spec": {"template": {"spec": {
           "containers": [{"name": "velero", "image": "docker.io/velero/velero:v1.18.3",
             "command": ["/velero"], "args": ["server", "--features=EnableCSI"],
             "env": [{"name": "AWS_SHARED_CREDENTIALS_FILE", "value": "/credentials/cloud"}],
             "volumeMounts": [{"name": "cloud", "mountPath": "/credentials"}]}],
           "volumes": [{"name": "cloud", "secret": {"secretName": "cloud-credentials"}}]}}}}
        """);
    server.put(
        """
        {"apiVersion": "apps/v1", "kind": "Deployment",
         "metadata": {"namespace": "velero", "name": "blockmover",
                      "labels": {"app.kubernetes.io/name": "blockmover"}},
         "spec": {"template": {"spec": {"serviceAccountName": "blockmover-controller",
           "containers": [{"name": "controller", "image": "m", "args": ["controller"]}]}}}}
        """);
    server.put(
        """
        {"apiVersion": "v1", "kind": "ConfigMap",
         "metadata": {"namespace": "velero", "name": "blockmover",
                      "labels": {"app.kubernetes.io/name": "blockmover"}},
         "data": {"config.yaml":
           "dataMover: \\"blockmover\\"\\npasswordSecret: \\"mine\\"\\npasswordKey: \\"pw\\"\\n"}}
        """);
    lease(NOW.minusSeconds(5));
    secret("mine", "pw", "bG9uZyBhbmQgcmFuZG9t");
    secret("cloud-credentials", "cloud", "W2RlZmF1bHRd");
    location("");
    snapshotClass("one", true);
  }

  @AfterEach
  void stop() {
    cluster.close();
    server.close();
  }

  private void lease(Instant renewed) {
    server.put(
        """
        {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
         "metadata": {"namespace": "velero", "name": "blockmover-controller"},
         "spec": {"holderIdentity": "blockmover-1", "renewTime": "%s"}}
        """
            .formatted(renewed));
  }

  private void secret(String name, String key, String base64) {
    server.put(
        """
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"namespace": "velero", "name": "%s"},
         "data": {"%s": "%s"}}
        """
            .formatted(name, key, base64));
  }

  private void location(String config) {
    server.put(
        """
        {"apiVersion": "velero.io/v1", "kind": "BackupStorageLocation",
         "metadata": {"namespace": "velero", "name": "default"},
         "spec": {"provider": "aws", "objectStorage": {"bucket": "b"}, "config": {%s}},
         "status": {"phase": "Available"}}
        """
            .formatted(config));
  }

  private void snapshotClass(String name, boolean labelled) {
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotClass",
         "metadata": {"name": "%s", "labels": {"velero.io/csi-volumesnapshot-class": "%s"}},
         "driver": "disk.example.com", "deletionPolicy": "Delete"}
        """
            .formatted(name, labelled));
  }

  private void policy(String yaml) {
    server.put(
        """
        {"apiVersion": "v1", "kind": "ConfigMap",
         "metadata": {"namespace": "velero", "name": "policy"}, "data": {"p.yaml": "%s"}}
        """
            .formatted(yaml.replace("\n", "\\n")));
  }

  private List<ClusterFinding> run() {
    return new VeleroCheckup(cluster, "velero", Clock.fixed(NOW, ZoneOffset.UTC)).run();
  }

  private ClusterFinding onlyFinding(Level level) {
    List<ClusterFinding> bad =
        run().stream().filter(finding -> finding.level() != Level.FINE).toList();
    assertThat(bad).hasSize(1);
    assertThat(bad.getFirst().level()).isEqualTo(level);
    assertThat(bad.getFirst().why()).isNotEmpty();
    return bad.getFirst();
  }

  private void assertWell() {
    assertThat(run()).isNotEmpty().allMatch(finding -> finding.level() == Level.FINE);
  }

  private void repair(ClusterFinding finding) {
    kubectl.run(finding.fix());
    assertWell();
  }

  private void repair(ClusterFinding finding, Consumer<ObjectNode> edit) {
    kubectl.editing(edit);
    repair(finding);
  }

  @Test
  void aClusterThatIsWellIsFine() {
    assertWell();
    assertThat(run())
        .extracting(ClusterFinding::check)
        .contains(
            "Velero",
            "controller",
            "controller rights",
            "repository password",
            "backup locations",
            "volume policies",
            "snapshot classes");
  }

  @Test
  void aClusterWithoutVeleroHasNothingToFind() {
    server.without("velero.io");
    assertThat(run()).isEmpty();
  }

  @Test
  void withoutAServerNobodyMakesTransfers() {
    server.delete("Deployment", "velero", "velero");
    assertThat(run())
        .filteredOn(finding -> finding.level() == Level.BROKEN)
        .extracting(ClusterFinding::text)
        .contains("no Deployment in namespace velero runs Velero's server");
  }

  @Test
  void aServerWithoutCsiTakesNoSnapshots() {
    args("server");
    ClusterFinding finding = onlyFinding(Level.BROKEN);
    assertThat(finding.text()).contains("--features=EnableCSI");
    repair(finding, deployment -> args(deployment, "server", "--features=Other,EnableCSI"));
  }

  private void args(String... words) {
    server.change("Deployment", "velero", "velero", deployment -> args(deployment, words));
  }

  private static void args(ObjectNode deployment, String... words) {
    ObjectNode container = (ObjectNode) deployment.at("/spec/template/spec/containers").get(0);
    ArrayNode args = container.putArray("args");
    for (String word : words) {
      args.add(word);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"velero/velero:v1.15.2", "velero/velero:v1.20.0", "velero@sha256:ab"})
  void aVersionThatWasNotTriedIsAWarning(String image) {
    server.change(
        "Deployment",
        "velero",
        "velero",
        deployment ->
            ((ObjectNode) deployment.at("/spec/template/spec/containers").get(0))
                .put("image", image));
    assertThat(onlyFinding(Level.WARNING).text()).contains(image);
  }

  @Test
  void aMoverThatDoesNotAnswerIsFoundBeforeVeleroWaitsForIt() {
    lease(NOW.minusSeconds(600));
    assertThat(onlyFinding(Level.BROKEN).text()).contains("was seen at 2026-11-21T11:50:00Z");
    server.delete("Lease", "velero", "blockmover-controller");
    assertThat(onlyFinding(Level.BROKEN).text()).contains("no controller of mover is at work");
  }

  @Test
  void whereMoverIsNotInstalledThatIsAllThatIsSaid() {
    server.delete("Lease", "velero", "blockmover-controller");
    server.delete("Deployment", "velero", "blockmover");
    server.delete("Secret", "velero", "mine");
    ClusterFinding finding = onlyFinding(Level.WARNING);
    assertThat(finding.text()).contains("no controller of mover is installed");
    assertThat(finding.fix()).contains("helm install blockmover");
  }

  @Test
  void aPasswordThatIsMissingIsMadeByThePrintedCommand() {
    server.delete("Secret", "velero", "mine");
    ClusterFinding finding = onlyFinding(Level.BROKEN);
    assertThat(finding.text()).contains("no Secret mine in namespace velero");
    repair(finding);
  }

  @Test
  void aSecretWithoutTheKeyIsMadeAnew() {
    secret("mine", "other", "eA==");
    ClusterFinding finding = onlyFinding(Level.BROKEN);
    assertThat(finding.text()).contains("Secret mine has no key pw");
    repair(finding);
  }

  @Test
  void thePasswordOfAnExampleIsNone() {
    secret("mine", "pw", "Y2hhbmdlLW1lCg==");
    ClusterFinding finding = onlyFinding(Level.BROKEN);
    assertThat(finding.text()).contains("of an example").doesNotContain("change-me");
    assertThat(finding.fix()).contains("mover keys passwd");
    repair(finding);
  }

  @Test
  void aLocationThatMoverCannotServeIsNamedWithItsReason() {
    location("\"customerKeyEncryptionSecret\": \"s/k\"");
    ClusterFinding finding = onlyFinding(Level.BROKEN);
    assertThat(finding.text()).contains("default", "customerKeyEncryptionSecret");
    repair(finding, location -> location.withObject("/spec").remove("config"));
  }

  @Test
  void aLocationWithoutItsCredentialsIsFound() {
    server.delete("Secret", "velero", "cloud-credentials");
    ClusterFinding finding = onlyFinding(Level.BROKEN);
    assertThat(finding.text()).contains("key cloud of Secret cloud-credentials");
    repair(finding);
  }

  @Test
  void aLocationThatTakesAnyCertificateIsAWarning() {
    location("\"insecureSkipTLSVerify\": \"true\"");
    repair(
        onlyFinding(Level.WARNING),
        location -> location.withObject("/spec/config").remove("insecureSkipTLSVerify"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "volumePolicies:\n- conditions: {}\n  action:\n    type: snapshot\n",
        "volumePolicies: [{conditions: {}, action: {type: snapshot}}]\n",
        "volumePolicies:\n- action:\n    type: 'snapshot' # all\n"
      })
  void aPolicyThatTakesVolumesFromMoverIsFound(String yaml) {
    policy(yaml);
    ClusterFinding finding = onlyFinding(Level.WARNING);
    assertThat(finding.text()).contains("ConfigMap policy");
    repair(finding, policy -> policy.withObject("/data").put("p.yaml", "volumePolicies: []"));
  }

  @Test
  void policiesThatLeaveVolumesOutAreFine() {
    policy("volumePolicies:\n- action:\n    type: skip\n- action:\n    type: fs-backup\n");
    assertWell();
  }

  @Test
  void ofSeveralSnapshotClassesOneIsLabelled() {
    snapshotClass("one", false);
    assertWell();
    snapshotClass("two", false);
    repair(onlyFinding(Level.WARNING));
    snapshotClass("one", true);
    snapshotClass("two", true);
    assertThat(onlyFinding(Level.WARNING).text()).contains("one, two");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "patch velero.io datauploads",
        "watch velero.io datadownloads",
        "create  pods",
        "delete snapshot.storage.k8s.io volumesnapshotcontents",
        "list  nodes"
      })
  void aRightThatTheControllerLacksIsNamedAndGivenByThePrintedCommand(String rule) {
    String[] parts = rule.split(" ", -1);
    server.deny(new FakeRule(parts[0], parts[1], parts[2]));
    List<ClusterFinding> found =
        run().stream().filter(each -> each.check().equals("controller rights")).toList();
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().text()).contains(USER, parts[0], parts[2]);
    repair(found.getFirst());
  }

  @Test
  void whatCannotBeAskedIsAFindingAndTheRestIsLookedAt() {
    server.deny(new FakeRule("get", "", "secrets"));
    assertThat(run())
        .filteredOn(finding -> finding.level() == Level.BROKEN)
        .extracting(ClusterFinding::check)
        .contains("repository password");
    assertThat(run()).extracting(ClusterFinding::check).contains("snapshot classes");
  }
}
