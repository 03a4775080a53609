package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.SampleCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterDoctorTest {

  private final FakeApiServer server = new FakeApiServer();
  private final MoverRun mover = new MoverRun();

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    mover.variable("KUBECONFIG", server.kubeconfig(directory).toString());
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
