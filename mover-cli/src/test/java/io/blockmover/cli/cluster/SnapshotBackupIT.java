package io.blockmover.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The commands on a real cluster, from pods that hold the volumes. */
@Tag("cluster")
@EnabledIfEnvironmentVariable(named = "MOVER_TEST_IMAGE", matches = ".+")
class SnapshotBackupIT {

  @Test
  void aVolumeIsBackedUpFromSnapshotsAndRestored() {
    try (ClusterApp app = new ClusterApp()) {
      app.claim("data", "64Mi", "");
      app.holder("writer", "data");
      app.write("writer", 100, 100);
      app.snapshot("first", "data");
      app.mover("init", "", "init");
      app.claim("first", "64Mi", "first");
      String full =
          app.mover(
              "full", "first", "backup", "/dev/xvda", "--json", "--snapshot", name(app, "first"));
      assertThat(full).contains("\"volume\":\"" + name(app, "data") + "@");

      app.write("writer", 150, 80);
      app.snapshot("second", "data");
      app.claim("second", "64Mi", "second");
      String incremental =
          app.mover(
              "next", "second", "backup", "/dev/xvda", "--json", "--snapshot", name(app, "second"));
      assertThat(incremental).contains("\"tracker\":\"csi-snapshot-metadata\"");
      assertThat(ClusterApp.number(incremental, "changedBytes")).isBetween(80L * 4096, 512L << 10);

      app.claim("restored", "64Mi", "");
      app.mover("restore", "restored", "restore", "latest", "/dev/xvda", "--verify");
      app.holder("expected", "second");
      app.holder("actual", "restored");
      assertThat(app.exec("actual", "sha256sum /dev/xvda"))
          .isEqualTo(app.exec("expected", "sha256sum /dev/xvda"));
    }
  }

  private static String name(ClusterApp app, String name) {
    return app.namespace() + "/" + name;
  }
}
