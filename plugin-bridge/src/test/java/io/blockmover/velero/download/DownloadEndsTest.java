package io.blockmover.velero.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.ClusterUnavailable;
import io.blockmover.testkit.kubernetes.FakeRule;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What goes wrong, and what must happen then: a terminal phase with a sentence, and no leftover.
 */
class DownloadEndsTest {

  private static final FakeRule MAKE_PODS = new FakeRule("create", "", "pods");

  private DownloadFixture f;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    f = new DownloadFixture(directory, false);
    f.download();
    f.target("Filesystem");
  }

  @AfterEach
  void close() {
    f.close();
  }

  private void cancel() {
    f.server.change("DataDownload", "velero", "dd", o -> o.withObject("/spec").put("cancel", true));
  }

  private void deleteTarget() {
    f.server.change(
        "PersistentVolumeClaim",
        "app",
        "data",
        c -> c.withObject("/metadata").remove("finalizers"));
    f.server.delete("PersistentVolumeClaim", "app", "data");
  }

  private void assertNothingIsLeft() {
    assertThat(f.server.names("Pod")).isEmpty();
    assertThat(f.server.names("PersistentVolume")).isEmpty();
    assertThat(f.server.names("PersistentVolumeClaim")).doesNotContain("velero/bm-u-1");
    assertThat(f.volumes.handles).isEmpty();
  }

  /** Steps until the volume carries a mark. */
  private void runUntilMarked(String mark) throws Exception {
    for (int i = 0; i < 200; i++) {
      for (String name : f.server.names("PersistentVolume")) {
        if (f.server
            .find("PersistentVolume", "", name)
            .orElseThrow()
            .at("/metadata/annotations")
            .has(mark)) {
          return;
        }
      }
      f.step();
    }
    throw new AssertionError("never marked: " + f.message());
  }

  @Test
  void oneInTheQueueSaysWhereItStandsAndCanBeCancelled() throws Exception {
    f.turn = Optional.of("queued: 3rd of 12, limit 4 in all");
    f.step();
    assertThat(f.phase()).isEmpty();
    assertThat(f.message()).startsWith("queued: 3rd");
    cancel();
    f.runUntil("Canceled");
    assertThat(f.phases).doesNotContain("Canceling", "Accepted");
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Accepted", "Prepared", "InProgress"})
  void aCancelEndsItInEveryPhase(String phase) throws Exception {
    f.volumes.end = Optional.empty();
    f.runUntil(phase);
    cancel();
    f.runUntil("Canceled");
    assertThat(f.phases.contains("Canceling")).isEqualTo(phase.equals("InProgress"));
    assertNothingIsLeft();
    assertThat(f.server.names("PersistentVolumeClaim")).containsExactly("app/data");
  }

  @Test
  void aCancelAfterTheHandOverComesTooLate() throws Exception {
    runUntilMarked(RestoredVolume.HANDED_OVER);
    cancel();
    f.runUntil("Completed");
    assertThat(f.volumes.handles).hasSize(1);
  }

  @Test
  void aDownloadThatIsDeletedCleansUpAndGoes() throws Exception {
    f.volumes.end = Optional.empty();
    f.runUntil("InProgress");
    f.server.delete("DataDownload", "velero", "dd");
    assertThat(f.phase()).isEqualTo("InProgress");
    f.runUntil("gone");
    assertNothingIsLeft();
  }

  @Test
  void aFailureOfThePodIsSaidWithItsAdvice() throws Exception {
    f.volumes.end = Optional.of(SimulatedVolumes.failure());
    f.runUntil("Failed");
    assertThat(f.message())
        .isEqualTo("pod velero/bm-u-1 could not restore: pack 12 is damaged; mover verify");
    assertNothingIsLeft();
    String event = f.server.names("Event").getLast();
    assertThat(
            f.server
                .find("Event", "velero", event.substring(event.indexOf('/') + 1))
                .orElseThrow()
                .at("/message")
                .asText())
        .isEqualTo(f.message());
  }

  @Test
  void aBusyRepositoryIsTriedAgain() throws Exception {
    f.volumes.end = Optional.of("11 {\"type\":\"error\",\"message\":\"locked\"}");
    f.runUntil("InProgress");
    while (f.volumes.arguments.size() < 2) {
      f.step();
    }
    f.volumes.end = Optional.of(SimulatedVolumes.success());
    f.runUntil("Completed");
    assertThat(f.volumes.arguments.getLast()).contains("--differential");
  }

  @Test
  void podsThatDieAreReplacedUntilItIsEnough() throws Exception {
    f.volumes.end = Optional.of("137 ");
    f.runUntil("Failed");
    assertThat(f.volumes.arguments).hasSize(4);
    assertThat(f.message()).contains("exit code 137", "4 pods have died so");
    assertNothingIsLeft();
  }

  @Test
  void aPodThatSomebodyDeletedIsReplacedOnItsNodeAfterAWhile() throws Exception {
    f.volumes.end = Optional.empty();
    f.runUntil("InProgress");
    f.server.change("Pod", "velero", "bm-u-1", p -> p.withObject("/metadata").remove("finalizers"));
    f.server.delete("Pod", "velero", "bm-u-1");
    Instant vanished = f.clock.instant();
    while (f.server.names("Pod").isEmpty()) {
      f.step();
    }
    assertThat(f.clock.instant()).isAfterOrEqualTo(vanished.plusSeconds(15));
    assertThat(
            f.server
                .find("Pod", "velero", "bm-u-1-1")
                .orElseThrow()
                .at("/spec/nodeSelector/kubernetes.io~1hostname")
                .asText())
        .isEqualTo("node-1");
    f.volumes.end = Optional.of(SimulatedVolumes.success());
    f.runUntil("Completed");
  }

  @Test
  void anImageThatCannotBePulledIsNamed() throws Exception {
    f.volumes.pullsImage = false;
    f.runUntil("Failed");
    assertThat(f.message()).contains("pod velero/bm-u-1 cannot start: ErrImageNeverPull");
    assertNothingIsLeft();
  }

  @Test
  void aQuotaIsWaitedOutAndNamed() throws Exception {
    f.server.deny(MAKE_PODS);
    f.runUntil("Accepted");
    while (f.message().isEmpty() || !f.message().contains("pods")) {
      f.step();
    }
    assertThat(f.message()).contains("cannot create Pod velero/bm-u-1");
    f.server.allow(MAKE_PODS);
    f.runUntil("Completed");
  }

  @Test
  void whatIsWaitedForTooLongIsSaidWhenTheTimeIsOver() throws Exception {
    f.server.deny(MAKE_PODS);
    f.runUntil("Failed");
    assertThat(f.message())
        .contains("nothing was restored within PT30M", "cannot create Pod velero/bm-u-1");
    assertNothingIsLeft();
  }

  @Test
  void aClaimThatNeverComesIsNamed() throws Exception {
    deleteTarget();
    f.runUntil("Failed");
    assertThat(f.message()).contains("waiting for Velero to make claim app/data");
    assertNothingIsLeft();
  }

  @Test
  void aLocationThatIsAwayIsWaitedFor() throws Exception {
    f.server.change(
        "BackupStorageLocation",
        "velero",
        "default",
        o -> o.withObject("/status").put("phase", "Unavailable"));
    f.runUntil("Accepted");
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10; i++) {
                f.step();
              }
            })
        .hasMessageContaining("Unavailable");
    f.server.change(
        "BackupStorageLocation",
        "velero",
        "default",
        o -> o.withObject("/status").put("phase", "Available"));
    f.runUntil("Completed");
  }

  @Test
  void anApiServerThatIsAwayIsTriedAgainAndNothingIsDecided() throws Exception {
    f.runUntil("InProgress");
    f.server.fail(request -> true, 503, 6);
    assertThatThrownBy(f::step).isInstanceOf(ClusterUnavailable.class);
    f.runUntil("Completed");
  }

  @Test
  void aClaimThatIsDeletedWhileBytesMoveEndsIt() throws Exception {
    f.volumes.end = Optional.empty();
    f.runUntil("InProgress");
    deleteTarget();
    f.runUntil("Failed");
    assertThat(f.message()).contains("claim app/data was deleted during the restore");
    assertNothingIsLeft();
  }

  @Test
  void aClaimThatIsMadeAnewIsNotTakenForTheOldOne() throws Exception {
    runUntilMarked(RestoredVolume.RESTORED);
    deleteTarget();
    f.target("Filesystem");
    f.server.change(
        "PersistentVolumeClaim", "app", "data", c -> c.withObject("/metadata").put("uid", "two"));
    f.runUntil("Failed");
    assertThat(f.message()).contains("deleted and made anew");
    assertThat(f.claim().at("/spec/volumeName").isMissingNode()).isTrue();
    assertThat(f.volumes.handles).isEmpty();
  }

  @Test
  void aClaimThatIsDeletedAfterTheHandOverTakesItsVolumeAlongAsItsClassSays() throws Exception {
    f.volumes.policyOfClass = "Retain";
    runUntilMarked(RestoredVolume.HANDED_OVER);
    deleteTarget();
    f.runUntil("Failed");
    assertThat(f.message()).contains("deleted while its volume was handed over");
    assertThat(f.volumes.handles).isEqualTo(f.volumes.filled).hasSize(1);
    assertThat(f.server.names("PersistentVolume")).containsExactly("bm-pv-u-1");
  }

  @Test
  void aBindingThatDoesNotHappenIsSaidAndTheDataStay() throws Exception {
    f.volumes.binds = false;
    f.runUntil("Failed");
    assertThat(f.message()).contains("could not be handed over within PT10M", "bm-pv-u-1");
    assertThat(f.volumes.handles).isEqualTo(f.volumes.filled).hasSize(1);
    assertThat(f.server.names("PersistentVolume")).containsExactly("bm-pv-u-1");
  }

  @Test
  void whereNothingTellsThatTheDeviceIsGivenUpAChangeOfModeWaits() throws Exception {
    runUntilMarked(RestoredVolume.RESTORED);
    Instant restored = f.clock.instant();
    runUntilMarked(RestoredVolume.HANDED_OVER);
    assertThat(Duration.between(restored, f.clock.instant())).isGreaterThanOrEqualTo(Rebind.SETTLE);
  }

  @Test
  void aPodThatDoesNotGoIsNotTakenForGone() throws Exception {
    f.volumes.podsGo = false;
    runUntilMarked(RestoredVolume.RESTORED);
    for (int i = 0; i < 50; i++) {
      f.step();
    }
    assertThat(f.message()).isEqualTo("waiting for pod velero/bm-u-1 to be gone");
    assertThat(f.claim().at("/spec/volumeName").isMissingNode()).isTrue();
    f.volumes.podsGo = true;
    f.runUntil("Completed");
  }

  @Test
  void onANodeThatIsDeadItEndsWithItsName() throws Exception {
    f.volumes.end = Optional.empty();
    f.runUntil("InProgress");
    f.volumes.podsGo = false;
    f.server.delete("Pod", "velero", "bm-u-1");
    f.runUntil("Failed");
    assertThat(f.message())
        .contains("pod velero/bm-u-1 does not go away: node node-1 does not answer")
        .contains("not all could be removed");
    assertThat(f.volumes.arguments).as("no second writer").hasSize(1);
    f.volumes.podsGo = true;
    for (int i = 0; i < 5; i++) {
      f.volumes.round();
    }
    assertNothingIsLeft();
  }

  @Test
  void oneThatAnotherHandHasEndedIsCleanedUpAndLetGo() throws Exception {
    f.volumes.end = Optional.empty();
    f.runUntil("InProgress");
    f.server.change(
        "DataDownload",
        "velero",
        "dd",
        o -> o.withObject("/status").put("phase", "Canceled").put("message", "by hand"));
    f.runUntil("Canceled");
    assertThat(f.message()).isEqualTo("by hand");
    assertNothingIsLeft();
  }

  @Test
  void duplicateStepsAfterTheEndChangeNothing() throws Exception {
    f.runUntil("Completed");
    List<String> before = List.of(f.object().orElseThrow().toString(), f.claim().toString());
    for (int i = 0; i < 5; i++) {
      f.step();
    }
    assertThat(List.of(f.object().orElseThrow().toString(), f.claim().toString()))
        .isEqualTo(before);
  }
}
