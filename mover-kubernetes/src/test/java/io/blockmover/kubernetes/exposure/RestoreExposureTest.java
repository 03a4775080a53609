package io.blockmover.kubernetes.exposure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.FakeRule;
import io.blockmover.testkit.kubernetes.SimulatedStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class RestoreExposureTest {

  private static final ObjectName CLAIM = new ObjectName("app", "restored");
  private static final Pace PACE =
      new Pace(Duration.ofMillis(20), Duration.ofMillis(600), Duration.ofSeconds(5));

  private final FakeApiServer server = new FakeApiServer();
  private final SimulatedStorage storage = new SimulatedStorage(server);
  private final List<Boolean> ours = new ArrayList<>();
  private Cluster cluster;
  private String dieAt = "never";

  private final Watch watch =
      new Watch() {
        @Override
        public void step(String what) {
          if (what.startsWith(dieAt)) {
            server.deny(new FakeRule("*", "*", "*"));
          }
        }

        @Override
        public void line(String line) {}

        @Override
        public void check() {}
      };

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    cluster = Cluster.open(server.kubeconfig(directory));
  }

  @AfterEach
  void stop() {
    cluster.close();
    server.close();
  }

  private void claim(String mode) {
    server.put(
        """
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim",
         "metadata": {"namespace": "app", "name": "restored"},
         "spec": {"volumeMode": "%s", "resources": {"requests": {"storage": "1Mi"}}}}
        """
            .formatted(mode));
  }

  private int run(OptionalLong size) throws MoverException {
    return new RestoreExposure(cluster, PACE, watch)
        .run(
            new RestoreExposure.Request(
                CLAIM,
                size,
                Optional.empty(),
                made -> {
                  ours.add(made);
                  return new PodRequest("mover:1", "secret", "account", List.of("restore"));
                }));
  }

  private void assertNothingIsLeftBut(String... claims) {
    assertThat(server.names("Pod")).isEmpty();
    assertThat(server.names("Lease")).isEmpty();
    assertThat(server.names("PersistentVolumeClaim")).containsExactly(claims);
  }

  @Test
  void aClaimThatIsNotThereIsMadeAndIsWholeInTheEnd() throws Exception {
    assertThat(run(OptionalLong.of(1 << 20))).isZero();
    assertNothingIsLeftBut("app/restored");
    assertThat(server.find("PersistentVolumeClaim", "app", "restored"))
        .hasValueSatisfying(
            claim -> {
              assertThat(claim.at("/spec/volumeMode").asText()).isEqualTo("Block");
              assertThat(claim.at("/metadata/annotations").toString()).doesNotContain("unfinished");
            });
    assertThat(ours).containsExactly(true);
  }

  @Test
  void withoutASizeNoClaimIsMade() {
    assertThatThrownBy(() -> run(OptionalLong.empty()))
        .isInstanceOf(ClusterObjectUnusable.class)
        .hasMessage("there is no claim app/restored");
  }

  @Test
  void aClaimThatIsThereStaysTheUsersEvenIfTheRestoreFails() throws Exception {
    claim("Block");
    storage.podsEndWith(1, "");
    assertThat(run(OptionalLong.empty())).isEqualTo(1);
    assertNothingIsLeftBut("app/restored");
    assertThat(ours).containsExactly(false);
  }

  @Test
  void aClaimThatWasMadeIsRemovedIfTheRestoreFails() throws Exception {
    storage.podsEndWith(1, "");
    assertThat(run(OptionalLong.of(1 << 20))).isEqualTo(1);
    assertNothingIsLeftBut();
  }

  @Test
  void aRunThatDiesIsEndedByTheNextWhichKnowsTheClaimForItsOwn() throws Exception {
    for (String step : List.of("removing", "starting pod", "mover ended", "cleaning up")) {
      dieAt = step;
      assertThatThrownBy(() -> run(OptionalLong.of(1 << 20)))
          .as(step)
          .isInstanceOf(MoverException.class);
      dieAt = "never";
      server.allow(new FakeRule("*", "*", "*"));
      assertThat(run(OptionalLong.empty())).as("after death at " + step).isZero();
      assertNothingIsLeftBut("app/restored");
      assertThat(ours.getLast()).as(step).isTrue();
      server.delete("PersistentVolumeClaim", "app", "restored");
    }
  }

  @Test
  void aClaimThatAPodUsesIsRefused() {
    claim("Block");
    server.put(
        """
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "app", "name": "db-0"},
         "spec": {"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "restored"}}]},
         "status": {"phase": "Running"}}
        """);
    assertThatThrownBy(() -> run(OptionalLong.empty()))
        .hasMessage("claim app/restored is used by pod db-0");
    assertThat(server.names("Pod")).containsExactly("app/db-0");
    assertThat(server.names("Lease")).isEmpty();
  }

  @Test
  void aClaimWithAFileSystemIsRefused() {
    claim("Filesystem");
    assertThatThrownBy(() -> run(OptionalLong.empty())).hasMessageContaining("Filesystem mode");
  }
}
