package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.FakeRule;
import io.blockmover.testkit.kubernetes.SampleCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups of a device that was restored from a VolumeSnapshot. */
class SnapshotBackupTest {

  private static final int SIZE = 1 << 20;

  @TempDir private Path directory;
  private final FakeApiServer server = new FakeApiServer();
  private final MoverRun mover = new MoverRun();
  private Path image;

  @BeforeEach
  void start() throws Exception {
    SampleCluster.claim(server);
    SampleCluster.snapshot(server, "monday", 1, SIZE);
    mover.variable("KUBECONFIG", server.kubeconfig(directory).toString());
    mover.variable("MOVER_REPO", directory.resolve("repo").toString());
    byte[] content = new byte[SIZE];
    new Random(7).nextBytes(content);
    image = Files.write(directory.resolve("device"), content);
    assertThat(mover.run("init", "--no-encryption", "-q").exitCode()).isZero();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private MoverRun.Outcome backup(String... options) {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "backup";
    arguments[1] = image.toString();
    System.arraycopy(options, 0, arguments, 2, options.length);
    return mover.run(arguments);
  }

  @Test
  void theVolumeIsNamedAfterTheClaimAndItsUid() {
    MoverRun.Outcome outcome = backup("--snapshot", "app/monday");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(mover.run("list").out()).contains("app/data@claim-1");
  }

  @Test
  void theUsersNameGoesBeforeThatOfTheClaim() {
    assertThat(backup("--snapshot", "app/monday", "--volume", "db").exitCode()).isZero();
    assertThat(mover.run("list").out()).contains("db").doesNotContain("claim-1");
  }

  @Test
  void aSnapshotWhoseClaimIsGoneNeedsAName() {
    server.delete("PersistentVolumeClaim", "app", "data");
    assertThat(backup("--snapshot", "app/monday").err())
        .contains("no claim in its namespace has any more", "--volume NAME");
    assertThat(backup("--snapshot", "app/monday", "--volume", "db").exitCode()).isZero();
  }

  @Test
  void aDeviceThatIsTooSmallWasNotRestoredFromTheSnapshot() {
    SampleCluster.snapshot(server, "tuesday", 2, SIZE + 4096);
    MoverRun.Outcome outcome = backup("--snapshot", "app/tuesday");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(outcome.err()).contains("it was not restored from it");
  }

  @Test
  void aDeviceThatIsLargerIsReadWhole() {
    SampleCluster.snapshot(server, "tuesday", 2, SIZE - 4096);
    MoverRun.Outcome outcome = backup("--snapshot", "app/tuesday");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("full-scan", "csi-snapshot-metadata: the device has", "is read and compared");
  }

  @Test
  void whoMayNotReadVolumeSnapshotsComparesWithTheLastBackupAndIsToldTheRule() {
    assertThat(backup("--snapshot", "app/monday", "--volume", "db").exitCode()).isZero();
    server.deny(new FakeRule("get", "snapshot.storage.k8s.io", "volumesnapshots"));
    MoverRun.Outcome outcome = backup("--snapshot", "app/monday", "--volume", "db", "--json");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("\"tracker\":\"full-scan\"", "\"newChunkBytes\":0,")
        .containsPattern("\"parent\":\"[0-9a-f]{32}\"")
        .containsPattern(
            "\"steps\":\\[\"csi-snapshot-metadata: cannot read VolumeSnapshot app/monday: .*doctor");
    assertThat(mover.run("show", "latest").out()).contains("cannot read VolumeSnapshot app/monday");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get snapshot.storage.k8s.io volumesnapshotcontents",
        "* cbt.storage.k8s.io snapshotmetadataservices",
        "create  serviceaccounts/token",
        "* * *"
      })
  void whateverIsForbiddenTheDeviceIsBackedUp(String rule) {
    String[] parts = rule.split(" ", -1);
    server.deny(new FakeRule(parts[0], parts[1], parts[2]));
    MoverRun.Outcome outcome = backup("--snapshot", "app/monday", "--volume", "db");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("full-scan", "csi-snapshot-metadata: ");
  }

  @Test
  void whoMayNotReadClaimsIsToldThatRulesMatchOnLess() {
    server.deny(new FakeRule("get", "", "persistentvolumeclaims"));
    assertThat(backup("--snapshot", "app/monday").err())
        .contains("cannot read claim app/data", "--volume NAME");
    MoverRun.Outcome outcome = backup("--snapshot", "app/monday", "--volume", "db");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains("rules cannot match on labels");
  }

  @Test
  void aSnapshotThatFailedOrIsNotReadyIsNoReasonToMissTheBackup() {
    SampleCluster.snapshotFails(server, "monday", "pool is full");
    MoverRun.Outcome outcome = backup("--snapshot", "app/monday", "--volume", "db");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("VolumeSnapshot app/monday failed: pool is full");
  }

  @Test
  void aClusterThatIsDownIsNoReasonToMissTheBackup() {
    server.close();
    MoverRun.Outcome outcome = backup("--snapshot", "app/monday", "--volume", "db");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("cannot read VolumeSnapshot app/monday", "kubectl version");
    assertThat(backup("--snapshot", "app/monday").err()).contains("--volume NAME");
  }

  @Test
  void aBaseThatTheLastBackupWasNotMadeOfIsRefused() {
    assertThat(backup("--snapshot", "app/monday", "--base-handle", "h").err())
        .contains("there is no backup of app/data@claim-1");
    assertThat(backup("--snapshot", "app/monday").exitCode()).isZero();
    SampleCluster.snapshot(server, "sunday", 0, SIZE);
    MoverRun.Outcome outcome = backup("--snapshot", "app/monday", "--base-snapshot", "app/sunday");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(outcome.err()).contains("not of the base that was named");
  }

  @Test
  void aBaseThatIsNewerIsRefused() {
    SampleCluster.snapshot(server, "tuesday", 2, SIZE);
    assertThat(backup("--snapshot", "app/monday", "--base-snapshot", "app/tuesday").err())
        .contains("is not older than VolumeSnapshot app/monday");
  }

  @Test
  void aSnapshotThatIsNotThereMakesNoBackup() {
    MoverRun.Outcome outcome = backup("--snapshot", "app/nothing");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(outcome.err()).contains("there is no VolumeSnapshot app/nothing");
    assertThat(mover.run("list", "--json").out()).contains("\"backups\":[]");
  }

  @Test
  void optionsThatSayNothingAreWrongUsage() {
    assertThat(backup("--snapshot", "monday").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(backup("--base-handle", "h").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(
            backup("--snapshot", "a/b", "--base-handle", "h", "--base-snapshot", "a/c").exitCode())
        .isEqualTo(ExitCode.USAGE);
  }
}
