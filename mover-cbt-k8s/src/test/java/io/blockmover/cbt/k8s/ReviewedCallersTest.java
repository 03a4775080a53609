package io.blockmover.cbt.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.ClusterUnavailable;
import io.blockmover.cbt.k8s.serve.CallerCheck;
import io.blockmover.cbt.k8s.serve.CallerCheck.Verdict;
import io.blockmover.cbt.k8s.serve.ReviewedCallers;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.FakeRule;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewedCallersTest {

  @TempDir private Path directory;
  private final FakeApiServer server = new FakeApiServer();
  private Cluster cluster;
  private CallerCheck callers;

  @BeforeEach
  void open() throws Exception {
    cluster = Cluster.open(server.kubeconfig(directory));
    callers = new ReviewedCallers(cluster.callers(), "ours");
    server.put(
        """
        {"apiVersion": "v1", "kind": "ServiceAccount",
         "metadata": {"namespace": "backup", "name": "mover"}}
        """);
  }

  @AfterEach
  void close() {
    cluster.close();
    server.close();
  }

  private String token(String audience) throws Exception {
    return cluster
        .tokens()
        .request(new ObjectName("backup", "mover"), audience, Duration.ofMinutes(10))
        .value();
  }

  @Test
  void aTokenForUsOfSomebodyWhoMayReadSnapshotsIsGood() throws Exception {
    assertThat(callers.check(token("ours"), "app")).isEqualTo(Verdict.ALLOWED);
  }

  @Test
  void aTokenForOthersIsNot() throws Exception {
    assertThat(callers.check(token("theirs"), "app")).isEqualTo(Verdict.UNKNOWN_CALLER);
    assertThat(callers.check("invented", "app")).isEqualTo(Verdict.UNKNOWN_CALLER);
  }

  @Test
  void whoMayNotReadSnapshotsIsToldSo() throws Exception {
    String token = token("ours");
    server.deny(new FakeRule("get", "snapshot.storage.k8s.io", "volumesnapshots"));
    assertThat(callers.check(token, "app")).isEqualTo(Verdict.NOT_ALLOWED);
  }

  @Test
  void anApiServerThatDoesNotAnswerIsNoConsent() throws Exception {
    String token = token("ours");
    server.fail(request -> request.contains("review"), 500, 100);
    assertThatThrownBy(() -> callers.check(token, "app")).isInstanceOf(ClusterUnavailable.class);
  }
}
