package io.blockmover.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Something on a real cluster lies, dies, is gone or is forbidden: every backup is right all the
 * same, and says what happened. Each test has a volume name, and so a history, of its own.
 */
@Tag("cluster")
@EnabledIfEnvironmentVariable(named = "MOVER_TEST_IMAGE", matches = ".+")
class DegradedClusterIT {

  private static final String SIZE = "128Mi";
  private static final String TRACKER = "\"tracker\":\"csi-snapshot-metadata\"";

  /** More extents than fit into one message of what changed: 8192. */
  private static final int CHANGED_BLOCKS = 8400;

  private static ClusterApp app;
  private static String expected;

  @BeforeAll
  static void takeSnapshots() {
    app = new ClusterApp();
    app.claim("data", SIZE, "");
    app.holder("writer", "data");
    writeLonelyBlocks();
    app.write("writer", 1000, 600);
    app.snapshot("first", "data");
    app.snapshot("doomed", "data");
    app.claim("first", SIZE, "first");
    app.write("writer", 1100, 50);
    app.write("writer", 20_000, CHANGED_BLOCKS);
    app.snapshot("second", "data");
    app.claim("second", SIZE, "second");
    app.mover("init", "", "init");
    expected = hash("writer");
  }

  /** Far apart: one that a list leaves out is not read along with a neighbour. */
  private static void writeLonelyBlocks() {
    app.exec(
        "writer",
        "for i in $(seq 0 255); do dd if=/dev/urandom of=/dev/xvda bs=4k count=1 oflag=direct"
            + " seek=$((i * 128)) 2>/dev/null; done");
  }

  @AfterAll
  static void end() {
    app.close();
  }

  @AfterEach
  void theDriverBehavesAgain() throws IOException {
    Files.deleteIfExists(faults());
  }

  /** The rig's driver reads it at each call. */
  private static Path faults() {
    return Path.of(System.getenv("RIG_DIR"), "csi", "faults.json");
  }

  private static void driverMisbehaves(String rule) throws IOException {
    Path fresh = faults().resolveSibling("faults.new");
    Files.writeString(fresh, "{\"faults\": [" + rule + "]}");
    Files.move(fresh, faults(), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String backup(String volume, String claim, String snapshot) {
    List<String> all = new ArrayList<>(List.of("backup", "/dev/xvda", "--json", "-v"));
    all.addAll(List.of("--volume", volume, "--snapshot", app.namespace() + "/" + snapshot));
    return app.mover("backup-" + volume, claim, all.toArray(String[]::new));
  }

  private static String backup(String volume, String snapshot) {
    return backup(volume, snapshot, snapshot);
  }

  private static String hash(String pod) {
    return app.exec(pod, "sha256sum /dev/xvda");
  }

  private static void assertRestoredEqual(String volume) {
    String claim = "restored-" + volume;
    app.claim(claim, SIZE, "");
    app.mover("restore", claim, "restore", volume + "@latest", "/dev/xvda", "--verify");
    app.holder(claim, claim);
    assertThat(hash(claim)).isEqualTo(expected);
  }

  /** Id of the backup that a report is about. */
  private static String id(String report) {
    Matcher matcher = Pattern.compile("\"backup\":\"([0-9a-f]{32})\"").matcher(report);
    assertThat(matcher.find()).as(report).isTrue();
    return matcher.group(1);
  }

  private static void assertParentKept(String report, String parent) {
    assertThat(report).contains("\"parent\":\"" + id(parent) + "\"");
  }

  private static void assertOnlyChangesStored(String report) {
    assertThat(ClusterApp.number(report, "changedBytes"))
        .as("no more than what was written since")
        .isLessThan((CHANGED_BLOCKS + 600) * 4096L);
  }

  @Test
  void aDriverThatLeavesOutDataIsCaughtInTheFirstBackup() throws Exception {
    driverMisbehaves("{\"rpc\": \"GetMetadataAllocated\", \"dropEvery\": 2}");
    String report = backup("partial", "second");
    assertThat(report)
        .contains("is not zeros, which it did not tell", "\"distrusted\":[{" + TRACKER)
        .contains("\"tracker\":\"full-scan\"");
    assertRestoredEqual("partial");
  }

  @Test
  void aDriverThatLeavesOutChangesIsCaughtAndNotAskedAgain() throws Exception {
    String first = backup("liar", "first");
    assertThat(first).contains(TRACKER, "\"distrusted\":[]");
    driverMisbehaves("{\"rpc\": \"GetMetadataDelta\", \"dropEvery\": 10}");
    String caught = backup("liar", "second");
    assertThat(caught)
        .contains("changed, which it did not tell", "\"distrusted\":[{" + TRACKER)
        .contains("\"tracker\":\"full-scan\"");
    assertParentKept(caught, first);
    assertRestoredEqual("liar");
    theDriverBehavesAgain();
    assertThat(backup("liar", "second")).contains("distrusted for this volume since backup");
  }

  @Test
  void aStreamWhoseSidecarIsKilledInTheMiddleGoesOnWithTheNextOne() throws Exception {
    String first = backup("killed", "first");
    driverMisbehaves(
        "{\"rpc\": \"GetMetadataDelta\", \"cutAfterMessages\": 1, \"hang\": true, \"count\": 1}");
    Sidecar sidecar = new Sidecar();
    CompletableFuture<String> backup =
        CompletableFuture.supplyAsync(() -> backup("killed", "second"));
    sidecar.awaitStalledStream(CHANGED_BLOCKS * 8L); // the first message, at 10 bytes an extent
    sidecar.killAndRestart();
    String report = backup.get();
    assertThat(report).containsPattern("broke at offset [1-9]").contains(TRACKER, "\"steps\":[]");
    assertParentKept(report, first);
    assertOnlyChangesStored(report);
    assertRestoredEqual("killed");
  }

  @Test
  void aBackupWhoseBaseWasDeletedComparesWhatIsAllocated() {
    String first = backup("baseless", "first", "doomed"); // both are of the same content
    String field = "-o=jsonpath={.status.boundVolumeSnapshotContentName}";
    String content = app.kubectl.run("get", "volumesnapshot/doomed", field);
    app.kubectl.run("delete", "volumesnapshot", "doomed", "--wait=true");
    app.kubectl.run("wait", "--for=delete", "volumesnapshotcontent/" + content, "--timeout=90s");
    String report = backup("baseless", "second");
    assertThat(report)
        .contains(TRACKER, "\"reason\":\"what it lists is compared with the last backup\"")
        .containsPattern("\"steps\":\\[\"csi-snapshot-metadata: .*NOT_FOUND.*keep the base");
    assertParentKept(report, first);
    assertOnlyChangesStored(report);
    assertRestoredEqual("baseless");
  }

  @Test
  void whoMayNotAskTheDriverOrEvenTheClusterComparesAllAndIsToldTheRule() {
    String first = backup("forbidden", "first");
    String rights = LocalMover.run("doctor", "--rbac", app.namespace() + "/mover").out();
    app.kubectl.apply(rights.replaceAll(".*serviceaccounts/token.*\n", ""));
    try {
      String report = backup("forbidden", "second");
      assertThat(report)
          .contains("\"tracker\":\"full-scan\"")
          .contains("cannot create resource \\\"serviceaccounts/token\\\"", "mover doctor");
      assertParentKept(report, first);
      assertOnlyChangesStored(report);
      assertRestoredEqual("forbidden");
      app.kubectl.delete(rights);
      String blind = backup("forbidden", "second");
      assertThat(blind)
          .contains("\"tracker\":\"full-scan\"", "\"newChunkBytes\":0,")
          .containsPattern("\"steps\":\\[\"csi-snapshot-metadata: cannot read VolumeSnapshot");
      assertParentKept(blind, report);
    } finally {
      app.kubectl.apply(rights);
    }
  }
}
