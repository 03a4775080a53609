package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.FakeRule;
import io.blockmover.testkit.kubernetes.SampleCluster;
import io.blockmover.testkit.kubernetes.SimulatedStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules for claims: read outside of the cluster, followed in the pod. */
@Tag("slow")
class ClaimRulesTest {

  @TempDir private Path directory;
  private final FakeApiServer server = new FakeApiServer();
  private final SimulatedStorage storage = new SimulatedStorage(server);
  private final MoverRun mover = new MoverRun();
  private Path rules;

  @BeforeEach
  void start() throws Exception {
    SampleCluster.claim(server);
    SampleCluster.service(server, "v1beta1");
    mover.variable("KUBECONFIG", server.kubeconfig(directory).toString());
    storage.podsEndWith(0, "{\"type\":\"backup\",\"backup\":\"b\",\"volume\":\"v\"}");
    rules = directory.resolve("rules.yaml");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private MoverRun.Outcome backup(String rule) throws Exception {
    Files.writeString(rules, "rules:\n  - name: one\n    " + rule.replace("\n", "\n    "));
    return mover.run("backup", "--pvc=app/data", "--image=i", "--rules=" + rules);
  }

  /** The rule that the last pod was told. */
  private String told() {
    List<String> arguments = storage.arguments().getLast();
    return arguments.get(arguments.indexOf("--rule") + 1);
  }

  @Test
  void theClaimsFactsPickTheRuleAndThePodFollowsIt() throws Exception {
    MoverRun.Outcome outcome =
        backup(
            """
            match:
              storageClass: fast
              driver: disk.example.com
              namespace: app
              labels: {tier: db}
              minSize: 1Gi
            trackers: [full-scan]
            samplingRate: 0.02
            """);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains("rule one applies");
    assertThat(mover.run("doctor", "--rule", told()).out())
        .contains("rule one applies", "trackers   full-scan", "sampling   0.02");
  }

  @Test
  void aRuleThatDoesNotMatchLeavesThePodTheUsual() throws Exception {
    MoverRun.Outcome outcome = backup("match: {labels: {tier: web}}\ntrackers: [full-scan]");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains("its label tier is db, not web", "no rule applies");
    assertThat(mover.run("doctor", "--rule", told()).out())
        .contains("trackers   csi-snapshot-metadata, ceph-rbd, full-scan", "sampling   0.001");
  }

  @Test
  void theBaseIsKeptAsTheRuleSays() throws Exception {
    String asks = "trackers: [csi-snapshot-metadata, full-scan]\n";
    backup(asks + "baseSnapshots: always");
    assertThat(server.names("VolumeSnapshot")).hasSize(1);
    backup(asks + "baseSnapshots: never");
    assertThat(server.names("VolumeSnapshot")).isEmpty();
    backup(asks);
    assertThat(server.names("VolumeSnapshot")).as("the driver needs it").hasSize(1);
  }

  @Test
  void whereTheRuleNeverAsksTheDriverNoBaseIsNeeded() throws Exception {
    backup("trackers: [full-scan]");
    assertThat(server.names("VolumeSnapshot")).isEmpty();
    backup("trackers: [csi-snapshot-metadata]\nminimumSize: 2Gi");
    assertThat(server.names("VolumeSnapshot")).isEmpty();
  }

  @Test
  void rulesThatCannotBeFollowedStopTheBackupBeforeASnapshotIsTaken() throws Exception {
    assertThat(backup("trackers: [nobody]").exitCode()).isEqualTo(ExitCode.USAGE);
    server.deny(new FakeRule("get", "", "persistentvolumes"));
    MoverRun.Outcome outcome = backup("match: {driver: d}\ntrackers: [full-scan]");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(outcome.err()).contains("cannot read volume pv-1", "doctor --cluster");
    assertThat(storage.arguments()).isEmpty();
    assertThat(server.names("VolumeSnapshot")).isEmpty();
  }
}
