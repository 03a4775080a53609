package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.testkit.SelfSignedCertificate;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.FakeKubectl;
import io.blockmover.testkit.kubernetes.SampleCluster;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterDoctorTest {

  @TempDir private Path directory;
  private final FakeApiServer server = new FakeApiServer();
  private final MoverRun mover = new MoverRun();

  @BeforeEach
  void start() throws Exception {
    mover.variable("KUBECONFIG", server.kubeconfig(directory).toString());
    server.without("velero.io");
    SampleCluster.claim(server);
    server.put(
        """
        {"apiVersion": "storage.k8s.io/v1", "kind": "CSIDriver",
         "metadata": {"name": "disk.example.com"}}
        """);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void whatIsBrokenIsSaidWithReasonAndCommandAndFailsTheRun() {
    MoverRun.Outcome outcome = mover.run("doctor", "--cluster");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(outcome.out())
        .contains(
            "broken   snapshot classes   driver disk.example.com has no VolumeSnapshotClass",
            "why: nobody can take a snapshot of its volumes",
            "\nkubectl apply -f - <<'EOF'\n");
  }

  @Test
  void warningsDoNotFailTheRun() {
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotClass",
         "metadata": {"name": "snap"}, "driver": "disk.example.com", "deletionPolicy": "Delete"}
        """);
    MoverRun.Outcome outcome = mover.run("doctor", "--cluster", "--json");
    assertThat(outcome.exitCode()).as(outcome.out()).isEqualTo(ExitCode.DONE);
    assertThat(outcome.out())
        .contains("\"level\":\"warning\"", "offers no changed block tracking")
        .doesNotContain("broken");
  }

  @Test
  void theServiceThatADriverLacksIsOfferedByThePrintedCommand() throws Exception {
    String printed =
        mover
            .run("doctor", "--cluster")
            .out()
            .lines()
            .dropWhile(line -> !line.startsWith("mover cbt serve"))
            .limit(2)
            .collect(Collectors.joining("\n"));
    assertThat(printed).endsWith("| kubectl apply -f -");
    SelfSignedCertificate tls = SelfSignedCertificate.make(directory);
    String command =
        printed
            .replace("\\\n", " ")
            .replace("mover ", "")
            .replace("--tls-cert FILE", "--tls-cert " + tls.certificate())
            .replace("--tls-key FILE", "--tls-key " + tls.key())
            .replace("HOST:PORT", "127.0.0.1:1")
            .replace("| kubectl apply -f -", "");
    mover.variable("MOVER_REPO", directory.resolve("repo").toString());
    assertThat(mover.run("init", "--no-encryption", "-q").exitCode()).isZero();
    MoverRun.Outcome object = mover.run(command.strip().split(" +", -1));
    assertThat(object.exitCode()).as(object.err()).isZero();
    new FakeKubectl(server).apply(object.out());
    assertThat(mover.run("doctor", "--cluster").out())
        .contains("driver disk.example.com offers it at 127.0.0.1:1")
        .doesNotContain("offers no changed block tracking");
  }

  @Test
  void thePermissionsOfAnAccountArePrintedWithoutACluster() {
    server.close();
    MoverRun.Outcome outcome = mover.run("doctor", "--rbac", "app/mover");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(outcome.out())
        .startsWith("apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n")
        .contains("subjects: [{kind: ServiceAccount, namespace: app, name: mover}]")
        .contains("{apiGroups: [\"\"], resources: [serviceaccounts/token], verbs: [create]}");
  }
}
