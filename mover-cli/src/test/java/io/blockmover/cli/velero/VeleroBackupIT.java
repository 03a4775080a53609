package io.blockmover.cli.velero;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** What a user does with Velero: back up, restore beside, lose everything, restore. */
@Tag("e2e")
@EnabledIfEnvironmentVariable(named = "MOVER_E2E_IMAGE", matches = ".+")
class VeleroBackupIT {

  private static final long BLOCK = 4096;

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
  void bothKindsOfVolumesAreBackedUpTwiceRestoredBesideAndAfterALoss() {
    try (App app = App.create();
        App copy = App.at(app.namespace() + "-copy")) {
      app.writeDevice(1000, 1000);
      app.writeFile("first", 500);
      String first = app.content();
      Backup full = installation.begin("full", app.namespace()).complete();
      assertThat(full.claims()).containsExactlyInAnyOrder(App.DEVICE, App.FILES);
      assertThat(full.number(App.DEVICE, ".status.progress.totalBytes")).isEqualTo(64L << 20);
      assertThat(full.number(App.DEVICE, ".status.incrementalBytes"))
          .isBetween(1000 * BLOCK, 1100 * BLOCK);
      assertThat(full.field(App.DEVICE, ".status.snapshotID")).startsWith("blockmover/1/");
      Installation.assertNothingIsLeftBut(2);

      app.writeDevice(1500, 100);
      app.writeFile("second", 100);
      String second = app.content();
      Backup incremental = installation.begin("incremental", app.namespace()).complete();
      assertThat(incremental.number(App.DEVICE, ".status.incrementalBytes"))
          .as("what was written since")
          .isBetween(100 * BLOCK, 120 * BLOCK);
      assertThat(incremental.readBytes(App.DEVICE))
          .as("what the driver says has changed, and nothing else: %s", incremental.all())
          .isBetween(100 * BLOCK, 120 * BLOCK);
      Installation.assertNothingIsLeftBut(2);

      installation.restore(
          installation.run + "-copy",
          incremental.name(),
          "--namespace-mappings",
          app.namespace() + ":" + copy.namespace());
      copy.awaitPods();
      assertThat(copy.content()).isEqualTo(second);

      app.kubectl.run("delete", "namespace", app.namespace(), "--wait=true");
      installation.restore(installation.run + "-back", full.name());
      app.awaitPods();
      assertThat(app.content()).isEqualTo(first);
      Installation.assertNothingIsLeftBut(2);
    }
  }
}
