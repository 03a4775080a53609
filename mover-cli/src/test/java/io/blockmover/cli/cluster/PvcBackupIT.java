package io.blockmover.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** {@code backup --pvc} and {@code restore --pvc} from outside a real cluster. */
@Tag("cluster")
@EnabledIfEnvironmentVariable(named = "MOVER_TEST_IMAGE", matches = ".+")
class PvcBackupIT {

  private static Kubectl.Result backup(ClusterApp app) {
    return LocalMover.run(backupArguments(app));
  }

  private static String[] backupArguments(ClusterApp app, String... more) {
    String claim = app.namespace() + "/data";
    List<String> all =
        new ArrayList<>(List.of("backup", "--pvc", claim, "--image", ClusterApp.IMAGE));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** The application's own claims and the one base. */
  private static void assertNothingIsLeft(ClusterApp app, String... claims) {
    assertNothingIsLeftBut(1, app, claims);
  }

  private static void assertNothingIsLeftBut(int snapshots, ClusterApp app, String... claims) {
    assertThat(app.names("pods")).containsExactly("writer");
    assertThat(app.names("leases.coordination.k8s.io")).isEmpty();
    assertThat(app.names("pvc")).containsExactlyInAnyOrder(claims);
    assertThat(app.names("volumesnapshots")).hasSize(snapshots);
  }

  @Test
  void aClaimIsBackedUpTwiceAndRestoredIntoANewOneAndThenByARule(@TempDir Path directory)
      throws Exception {
    try (ClusterApp app = new ClusterApp()) {
      app.claim("data", "64Mi", "");
      app.holder("writer", "data");
      app.write("writer", 1000, 100);
      app.mover("init", "", "init");
      Kubectl.Result first = backup(app);
      assertThat(first.exitCode()).as(first.err()).isZero();
      assertThat(first.out()).contains("backup ", app.namespace() + "/data@");
      assertNothingIsLeft(app, "data");

      app.write("writer", 1050, 80);
      Kubectl.Result second = backup(app);
      assertThat(second.exitCode()).as(second.err()).isZero();
      assertThat(second.out()).contains("tracker csi-snapshot-metadata");
      assertNothingIsLeft(app, "data");

      Kubectl.Result restore =
          LocalMover.run(
              "restore",
              "latest",
              "--pvc",
              app.namespace() + "/restored",
              "--size",
              "64M",
              "--verify",
              "--image",
              ClusterApp.IMAGE);
      assertThat(restore.exitCode()).as(restore.err()).isZero();
      assertNothingIsLeft(app, "data", "restored");
      app.holder("reader", "restored");
      assertThat(app.exec("reader", "sha256sum /dev/xvda"))
          .isEqualTo(app.exec("writer", "sha256sum /dev/xvda"));
      app.kubectl.run("delete", "pod", "reader", "--wait=true");

      Path rules =
          Files.writeString(
              directory.resolve("rules.yaml"),
              "rules: [{name: compare, match: {storageClass: rig-*, namespace: '%s'}, trackers: [full-scan]}]"
                  .formatted(app.namespace()));
      Kubectl.Result third = LocalMover.run(backupArguments(app, "--rules", rules.toString()));
      assertThat(third.exitCode()).as(third.err()).isZero();
      assertThat(third.err()).contains("rule compare applies");
      assertThat(third.out()).contains("tracker full-scan");
      assertNothingIsLeftBut(0, app, "data", "restored");
    }
  }

  @Test
  void aBackupThatIsKilledAtAnyStepIsCleanedUpByTheNext() throws Exception {
    try (ClusterApp app = new ClusterApp()) {
      app.claim("data", "64Mi", "");
      app.holder("writer", "data");
      app.write("writer", 1000, 100);
      app.mover("init", "", "init");
      for (String step :
          new String[] {
            "removing what",
            "taking VolumeSnapshot",
            "making a Block",
            "starting pod",
            "cleaning up"
          }) {
        assertThat(LocalMover.killAt(step, backupArguments(app))).as(step).isTrue();
        Kubectl.Result next = backup(app);
        assertThat(next.exitCode()).as("after %s: %s", step, next.err()).isZero();
        assertNothingIsLeft(app, "data");
      }
    }
  }
}
