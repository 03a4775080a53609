package io.blockmover.kubernetes.exposure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blockmover.api.Cancelled;
import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.ErrorKind;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.FakeRule;
import io.blockmover.testkit.kubernetes.SampleCluster;
import io.blockmover.testkit.kubernetes.SimulatedStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class BackupExposureTest {

  private static final ObjectName CLAIM = new ObjectName("app", "data");
  private static final Pace PACE =
      new Pace(Duration.ofMillis(20), Duration.ofMillis(600), Duration.ofSeconds(5));

  /** What a run does, as it says itself; it is killed at each of them. */
  private static final List<String> STEPS =
      List.of(
          "removing what", "taking VolumeSnapshot", "making a Block", "starting pod", "cleaning");

  private final FakeApiServer server = new FakeApiServer();
  private final SimulatedStorage storage = new SimulatedStorage(server);
  private final List<String> lines = new ArrayList<>();
  private Cluster cluster;
  private String dieAt;
  private boolean cancel;
  private KeptSnapshot kept = KeptSnapshot.WHERE_NEEDED;
  private String neededBase = "none";
  private boolean withDevice = true;
  private final List<String> steps = new ArrayList<>();

  private final Watch watch =
      new Watch() {
        @Override
        public void step(String what) {
          steps.add(what);
          if (dieAt != null && what.startsWith(dieAt)) {
            server.deny(
                new FakeRule("*", "*", "*")); // nothing that this run asks for works any more
          }
        }

        @Override
        public void line(String line) {
          lines.add(line);
        }

        @Override
        public void check() throws MoverException {
          if (cancel) {
            throw new Cancelled("enough", "");
          }
        }
      };

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    cluster = Cluster.open(server.kubeconfig(directory));
    SampleCluster.claim(server);
    SampleCluster.service(server, "v1beta1");
  }

  @AfterEach
  void stop() {
    cluster.close();
    server.close();
  }

  private int run() throws MoverException {
    return new BackupExposure(cluster, PACE, watch)
        .run(
            new BackupExposure.Request(
                CLAIM,
                Optional.empty(),
                Optional.empty(),
                kept,
                driver -> driver.equals(neededBase),
                withDevice,
                exposed ->
                    new PodRequest(
                        "mover:1",
                        "secret",
                        "account",
                        List.of("backup", PodRequest.DEVICE, "--volume", exposed.volume()))));
  }

  private void assertNothingIsLeftBut(int snapshots) {
    assertThat(server.names("Pod")).isEmpty();
    assertThat(server.names("Lease")).isEmpty();
    assertThat(server.names("PersistentVolumeClaim")).containsExactly("app/data");
    assertThat(server.names("VolumeSnapshot")).hasSize(snapshots);
    assertThat(server.names("VolumeSnapshotContent")).hasSize(snapshots);
  }

  @Test
  void afterABackupOnlyItsSnapshotIsLeftAsTheNextOnesBase() throws Exception {
    assertThat(run()).isZero();
    assertThat(lines).containsExactly("{\"type\":\"backup\"}");
    assertNothingIsLeftBut(1);
    String first = server.names("VolumeSnapshot").getFirst();
    assertThat(run()).isZero();
    assertNothingIsLeftBut(1);
    assertThat(server.names("VolumeSnapshot")).doesNotContain(first);
    String name = server.names("VolumeSnapshot").getFirst().substring("app/".length());
    assertThat(server.find("VolumeSnapshot", "app", name))
        .hasValueSatisfying(
            snapshot ->
                assertThat(snapshot.at("/metadata/labels/blockmover.io~1role").asText())
                    .isEqualTo("base"));
  }

  @Test
  void aSnapshotThatATrackerNeedsIsKeptThoughItsDriverHasNoService() throws Exception {
    server.delete("SnapshotMetadataService", "", "disk.example.com");
    neededBase = "another.example.com";
    assertThat(run()).isZero();
    assertNothingIsLeftBut(0);
    neededBase = "disk.example.com";
    assertThat(run()).isZero();
    assertNothingIsLeftBut(1);
  }

  @Test
  void aPodThatReadsTheStorageHasNoClaimMadeForIt() throws Exception {
    withDevice = false;
    assertThat(run()).isZero();
    assertNothingIsLeftBut(1);
    assertThat(server.requests())
        .noneMatch(
            request -> request.startsWith("POST") && request.endsWith("/persistentvolumeclaims"))
        .anyMatch(request -> request.startsWith("POST") && request.endsWith("/pods"));
  }

  @Test
  void aDriverThatNeedsNoBaseKeepsNone() throws Exception {
    server.change(
        "SnapshotMetadataService",
        "",
        SampleCluster.DRIVER,
        object -> object.withObject("/spec").put("requireBaseSnapshotForDelta", false));
    run();
    assertNothingIsLeftBut(0);
  }

  @Test
  void withoutChangedBlockTrackingNoSnapshotIsKept() throws Exception {
    server.delete("SnapshotMetadataService", "", SampleCluster.DRIVER);
    run();
    assertNothingIsLeftBut(0);
  }

  @Test
  void whereTheUserAlwaysWantsABaseOneIsKeptWithoutNeed() throws Exception {
    kept = KeptSnapshot.ALWAYS;
    server.delete("SnapshotMetadataService", "", SampleCluster.DRIVER);
    run();
    run();
    assertNothingIsLeftBut(1);
  }

  @Test
  void whereTheUserNeverWantsABaseNoneIsKeptNotEvenAnOlderOne() throws Exception {
    run();
    kept = KeptSnapshot.NEVER;
    storage.podsEndWith(1, "{\"type\":\"error\",\"kind\":\"outcome_unknown\"}");
    run();
    assertNothingIsLeftBut(1); // the older one, until there is a backup
    storage.podsEndWith(0, "");
    run();
    assertNothingIsLeftBut(0);
  }

  @Test
  void whatADeadRunTookIsNoBaseWhereTheUserNeverWantsOne() throws Exception {
    dieAt = "making a Block";
    assertThatThrownOrCode("making a Block");
    dieAt = null;
    kept = KeptSnapshot.NEVER;
    storage.podsEndWith(1, "{\"type\":\"error\",\"kind\":\"unavailable\"}");
    run();
    assertNothingIsLeftBut(0);
  }

  @Test
  void whoMayNotSeeWhetherTheDriverNeedsABaseKeepsItAndIsTold() throws Exception {
    server.deny(new FakeRule("get", "cbt.storage.k8s.io", "snapshotmetadataservices"));
    run();
    assertNothingIsLeftBut(1);
    assertThat(steps).anyMatch(step -> step.startsWith("the snapshot is kept, as it may be"));
  }

  @Test
  void aBackupThatFailedKeepsTheOldBaseAndNotItsOwn() throws Exception {
    run();
    List<String> base = server.names("VolumeSnapshot");
    storage.podsEndWith(1, "{\"type\":\"error\",\"kind\":\"unavailable\"}");
    assertThat(run()).isEqualTo(1);
    assertNothingIsLeftBut(1);
    assertThat(server.names("VolumeSnapshot")).isEqualTo(base);
  }

  @Test
  void ofABackupWhoseCommitIsUnknownTheSnapshotStaysUntilTheNextOne() throws Exception {
    run();
    storage.podsEndWith(1, "{\"type\":\"error\",\"kind\":\"outcome_unknown\"}");
    run();
    assertNothingIsLeftBut(2);
    run();
    assertNothingIsLeftBut(3); // the base, the newest of the unknown, and its own
    storage.podsEndWith(0, "");
    run();
    assertNothingIsLeftBut(1);
  }

  @Test
  void aRunThatDiesAtAnyStepIsCleanedUpByTheNext() throws Exception {
    for (String step : STEPS) {
      dieAt = step;
      assertThatThrownOrCode(step);
      dieAt = null;
      server.allow(new FakeRule("*", "*", "*"));
      assertThat(run()).as("after death at " + step).isZero();
      assertNothingIsLeftBut(1);
    }
  }

  private void assertThatThrownOrCode(String step) {
    try {
      assertThat(run()).as(step).isZero(); // killed when the backup was made already
    } catch (MoverException e) {
      assertThat(e.kind()).as(step).isEqualTo(ErrorKind.ACCESS_DENIED);
    }
    server.allow(new FakeRule("*", "*", "*"));
    assertThat(server.names("Lease")).as(step).hasSize(1);
  }

  @Test
  void aPodThatStillRunsIsEndedByTheNextRun() throws Exception {
    storage.podsRun();
    cancel = false;
    Thread killer =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (server.names("Pod").isEmpty()) {
                    Thread.onSpinWait();
                  }
                  server.deny(new FakeRule("*", "*", "*"));
                });
    assertThatThrownBy(this::run).isInstanceOf(MoverException.class);
    killer.join();
    server.allow(new FakeRule("*", "*", "*"));
    assertThat(server.names("Pod")).hasSize(1);
    storage.podsEndWith(0, "");
    assertThat(run()).isZero();
    assertNothingIsLeftBut(1);
  }

  @Test
  void whoStopsItLeavesNoPodBehind() throws Exception {
    storage.podsRun();
    Thread user =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (server.names("Pod").isEmpty()) {
                    Thread.onSpinWait();
                  }
                  cancel = true;
                });
    assertThatThrownBy(this::run).isInstanceOf(Cancelled.class);
    user.join();
    assertNothingIsLeftBut(1); // it may have been committed in the last moment
  }

  @Test
  void twoRunsOnOneVolumeDoNotMeet() throws Exception {
    storage.podsRun();
    Thread first =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    run();
                  } catch (MoverException e) {
                    lines.add("ended: " + e.getMessage());
                  }
                });
    while (server.names("Pod").isEmpty()) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            ClusterObjectUnusable.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT))
        .hasMessageContaining("is working on this volume");
    assertThat(server.names("Pod")).hasSize(1);
    cancel = true;
    first.join();
  }

  @Test
  void aRunWhoseProcessIsGoneFromThisMachineIsNotWaitedFor() throws Exception {
    Process other = new ProcessBuilder("sleep", "600").start();
    String mark = ProcessMark.of(other.pid()).orElseThrow();
    assertThat(ProcessMark.isGone(mark)).isFalse();
    other.destroyForcibly().waitFor();
    for (String process : List.of(mark.replaceFirst("^.", "x"), "", mark)) {
      steps.clear();
      leaseOf(process);
      assertThat(run()).isZero();
      boolean waited = steps.stream().anyMatch(step -> step.startsWith("waiting whether run"));
      assertThat(waited).as("for " + process).isEqualTo(!process.equals(mark));
    }
  }

  private void leaseOf(String process) {
    server.put(
        """
        {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
         "metadata": {"namespace": "app", "name": "blockmover-claim-1",
                      "annotations": {"blockmover.io/process": "%s"}},
         "spec": {"holderIdentity": "another"}}
        """
            .formatted(process));
  }

  @Test
  void anAnswerThatWasLostMakesNothingTwice() throws Exception {
    for (String kind : List.of("leases", "volumesnapshots", "persistentvolumeclaims", "pods")) {
      server.failAfter(r -> r.startsWith("POST ") && r.endsWith("/" + kind), 503, 1);
    }
    assertThat(run()).isZero();
    assertNothingIsLeftBut(1);
  }

  @Test
  void aPodThatCannotStartIsAnErrorAtOnce() {
    server.controller(
        "Pod",
        pod ->
            pod.withObject("/status")
                .put("phase", "Pending")
                .putArray("containerStatuses")
                .addObject()
                .putObject("state")
                .putObject("waiting")
                .put("reason", "ImagePullBackOff")
                .put("message", "no such image"));
    assertThatThrownBy(this::run).hasMessageContaining("ImagePullBackOff no such image");
    assertThat(server.names("Pod")).isEmpty();
  }

  @Test
  void aSnapshotThatFailsIsRemovedAndItsMessageTold() {
    server.controller(
        "VolumeSnapshot",
        snapshot ->
            snapshot
                .withObject("/status")
                .put("readyToUse", false)
                .putObject("error")
                .put("message", "pool is full"));
    assertThatThrownBy(this::run).hasMessageContaining("failed: pool is full");
    assertNothingIsLeftBut(0);
  }

  @Test
  void ofAFileSystemsSnapshotTheModeMayBeChanged() throws Exception {
    run();
    String name = server.names("VolumeSnapshotContent").getFirst();
    Optional<ObjectNode> content = server.find("VolumeSnapshotContent", "", name);
    assertThat(content.orElseThrow().at("/metadata/annotations").toString())
        .contains("allow-volume-mode-change\":\"true");
  }

  @Test
  void theClaimOfTheSnapshotIsABlockClaimOfItsSizeAndThePodsOnly() throws Exception {
    List<ObjectNode> claims = new ArrayList<>();
    server.controller("PersistentVolumeClaim", claim -> claims.add(claim.deepCopy()));
    run();
    assertThat(claims).hasSize(1);
    assertThat(claims.getFirst().at("/spec/volumeMode").asText()).isEqualTo("Block");
    assertThat(claims.getFirst().at("/spec/storageClassName").asText()).isEqualTo("fast");
    assertThat(claims.getFirst().at("/spec/resources/requests/storage").asText())
        .isEqualTo("1048576");
    assertThat(claims.getFirst().at("/metadata/ownerReferences/0/kind").asText())
        .isEqualTo("Lease");
  }
}
