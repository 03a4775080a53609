package io.blockmover.cli.velero;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.cli.cluster.Sidecar;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Somebody cancels, something dies, is gone or is wrong: each backup ends, and says how. */
@Tag("e2e-long")
@EnabledIfEnvironmentVariable(named = "MOVER_E2E_IMAGE", matches = ".+")
class VeleroTroubleIT {

  /** Slow enough that there is time to do something meanwhile: what is written takes 20 seconds. */
  private static final String SLOWLY = "pods.arguments={--limit-upload,600K}";

  private static final int MUCH = 3000;

  private static Installation installation;
  private static App app;

  @BeforeAll
  static void install() {
    installation = new Installation(SLOWLY);
    app = App.create();
    app.writeFile("some", 100);
  }

  @AfterAll
  static void uninstallLeavesNothing() {
    if (app != null) {
      app.close();
    }
    if (installation != null) {
      installation.close();
    }
  }

  /** A backup that is moving much of the device, slowly. */
  private static Backup slowBackup(String name) {
    app.writeDevice(1000, MUCH);
    Backup backup = installation.begin(name, app.namespace());
    backup.awaitPhase(App.DEVICE, "InProgress");
    return backup;
  }

  @Test
  void withoutTheDriversServiceAllIsComparedAndTheReasonIsSaid() throws Exception {
    Backup before = installation.begin("with", app.namespace()).complete();
    assertThat(before.message(App.DEVICE)).contains("csi-snapshot-metadata");
    Sidecar sidecar = new Sidecar();
    sidecar.kill();
    try {
      app.writeDevice(3000, 10);
      Backup without = installation.begin("without", app.namespace()).complete();
      assertThat(without.message(App.DEVICE)).contains("full-scan", "csi-snapshot-metadata: ");
      assertThat(without.number(App.DEVICE, ".status.incrementalBytes"))
          .as("nothing is stored that is there already")
          .isLessThan(4 << 20);
    } finally {
      sidecar.start();
    }
  }

  @Test
  void whatIsCancelledEndsAndLeavesNothing() {
    int kept = Installation.ours("volumesnapshotcontents").size();
    Backup backup = slowBackup("cancelled");
    installation.velero.run(
        "patch",
        "dataupload",
        backup.upload(App.DEVICE),
        "--type=merge",
        "-p",
        "{\"spec\":{\"cancel\":true}}");
    backup.awaitPhase(App.DEVICE, "Canceled");
    backup.await();
    assertThat(Installation.ours("pods")).isEmpty();
    assertThat(Installation.ours("volumesnapshotcontents").size()).isLessThanOrEqualTo(kept + 1);
  }

  @Test
  void aPodThatIsDeletedIsFollowedByOneThatGoesOn() {
    Backup backup = slowBackup("killed");
    backup.awaitProgress(App.DEVICE);
    installation.velero.run(
        "delete",
        "pod",
        "-l",
        "blockmover.io/transfer-uid=" + backup.field(App.DEVICE, ".metadata.uid"));
    backup.complete();
  }

  @Test
  void aControllerThatIsKilledIsFollowedByOneThatGoesOn() {
    Backup backup = slowBackup("orphan");
    installation.velero.run(
        "delete", "pod", "-l", Installation.CONTROLLER, "--grace-period=0", "--force");
    backup.complete();
    assertThat(Installation.ours("pods")).isEmpty();
  }

  @Test
  void aWrongPasswordFailsTheBackupInWordsThatHelp() {
    installation.begin("right", app.namespace()).complete();
    installation.password("not the password");
    try {
      Backup backup = installation.begin("wrong", app.namespace()).await();
      assertThat(backup.phaseNow()).isEqualTo("PartiallyFailed");
      assertThat(backup.message(App.DEVICE)).contains("password");
      assertThat(Installation.ours("pods")).isEmpty();
    } finally {
      installation.password(Installation.PASSWORD);
    }
    installation.begin("again", app.namespace()).complete();
  }
}
