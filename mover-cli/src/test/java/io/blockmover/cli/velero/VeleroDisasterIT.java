package io.blockmover.cli.velero;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.cli.cluster.Kubectl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The cluster has forgotten all of it; the bucket has not. */
@Tag("e2e-long")
@EnabledIfEnvironmentVariable(named = "MOVER_E2E_IMAGE", matches = ".+")
class VeleroDisasterIT {

  private static Installation installation;

  @BeforeAll
  static void install() {
    installation = new Installation();
  }

  @AfterAll
  static void uninstallLeavesNothing() {
    if (installation != null) {
      installation.close();
    }
  }

  @Test
  void aClusterThatKnowsNothingRestoresFromTheBucketAlone() {
    try (App app = App.create()) {
      app.writeDevice(300, 700);
      app.writeFile("only", 300);
      String content = app.content();
      Backup backup = installation.begin("bucket", app.namespace()).complete();

      app.kubectl.run("delete", "namespace", app.namespace(), "--wait=true");
      Kubectl velero = installation.velero;
      // Not `velero backup delete`: the objects in the bucket stay.
      velero.run("delete", "backup", backup.name(), "--wait=true");
      Waiting.until(
          "DataUploads of " + backup.name(),
          () -> String.join(" ", backup.claims()),
          String::isBlank);
      installation.reinstall();
      Waiting.until(
          "backup " + backup.name() + ", found in the bucket",
          () -> velero.run("get", "backup", backup.name(), "--ignore-not-found", Backup.phase()),
          "Completed"::equals);

      installation.restore(installation.run + "-bucket", backup.name());
      app.awaitPods();
      assertThat(app.content()).isEqualTo(content);
    }
  }
}
