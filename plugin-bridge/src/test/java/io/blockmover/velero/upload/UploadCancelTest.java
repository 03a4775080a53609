package io.blockmover.velero.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.velero.controller.Next;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Velero, people and other controllers write to a DataUpload whenever they like. */
class UploadCancelTest {

  private static final String UID = SimulatedCluster.UID;

  @TempDir private Path directory;

  private UploadScene scene(String name) throws Exception {
    UploadScene scene = new UploadScene(Files.createDirectory(directory.resolve(name)));
    scene.cluster.backup("monday", UID);
    return scene;
  }

  private static void requireNothingLeft(UploadScene scene, String phase) {
    scene.settle();
    assertThat(scene.cluster.phase("monday")).isEqualTo(phase);
    assertThat(scene.cluster.made()).isEmpty();
    assertThat(scene.cluster.snapshots).isEmpty();
    assertThat(scene.cluster.disks).isEmpty();
    assertThat(scene.cluster.server.names("VolumeSnapshot")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Accepted", "Prepared", "InProgress"})
  void aCancelledUploadIsCleanedUpFromAnyPhase(String phase) throws Exception {
    try (UploadScene scene = scene("cancel" + phase)) {
      scene.cluster.podsEnd = false;
      if (phase.equals("Prepared")) {
        scene.runTo("monday", "InProgress");
        scene.cluster.server.change(
            "DataUpload",
            "velero",
            "monday",
            upload -> upload.withObject("/status").put("phase", "Prepared"));
      } else {
        scene.runTo("monday", phase);
      }
      scene.cluster.cancel("monday");
      scene.step("monday");
      assertThat(scene.cluster.phase("monday"))
          .isEqualTo(phase.equals("InProgress") ? "Canceling" : phase);
      scene.run("monday");
      requireNothingLeft(scene, "Canceled");
    }
  }

  @Test
  void aPodIsGivenTimeToEnd() throws Exception {
    try (UploadScene scene = scene("grace")) {
      scene.cluster.podsEnd = false;
      scene.cluster.podsVanish = false;
      scene.runTo("monday", "InProgress");
      assertThat(
              scene
                  .cluster
                  .server
                  .find("Pod", "velero", "bm-" + UID)
                  .orElseThrow()
                  .at("/spec/terminationGracePeriodSeconds")
                  .asInt())
          .isEqualTo(30);
      scene.cluster.cancel("monday");
      for (int i = 0; i < 5; i++) {
        scene.round("monday");
      }
      assertThat(scene.cluster.phase("monday")).isEqualTo("Canceling");
      assertThat(scene.cluster.server.names("PersistentVolumeClaim"))
          .as("nothing is touched before the pod is gone")
          .contains("velero/bm-" + UID);
      scene.cluster.podsVanish = true;
      scene.run("monday");
      requireNothingLeft(scene, "Canceled");
    }
  }

  @Test
  void aDeletedUploadIsCleanedUpBeforeItVanishes() throws Exception {
    try (UploadScene scene = scene("deleted")) {
      scene.cluster.podsEnd = false;
      scene.runTo("monday", "InProgress");
      scene.cluster.server.delete("DataUpload", "velero", "monday");
      assertThat(scene.cluster.server.names("DataUpload")).hasSize(1);
      scene.runUntilGone("monday");
      scene.settle();
      assertThat(scene.cluster.server.names("DataUpload")).isEmpty();
      assertThat(scene.cluster.snapshots).isEmpty();
      assertThat(scene.cluster.disks).isEmpty();
    }
  }

  @Test
  void aTerminalPhaseByAnotherHandStaysAndOursIsCleanedUp() throws Exception {
    try (UploadScene scene = scene("forced")) {
      scene.cluster.podsEnd = false;
      scene.runTo("monday", "InProgress");
      scene.cluster.server.change(
          "DataUpload",
          "velero",
          "monday",
          upload -> upload.withObject("/status").put("phase", "Canceled").put("message", "forced"));
      scene.run("monday");
      requireNothingLeft(scene, "Canceled");
      assertThat(scene.cluster.message("monday")).isEqualTo("forced");
      assertThat(scene.cluster.upload("monday").at("/metadata/finalizers")).isEmpty();
    }
  }

  @Test
  void anotherMoversUploadIsNotTouched() throws Exception {
    try (UploadScene scene = scene("foreign")) {
      scene.cluster.server.change(
          "DataUpload",
          "velero",
          "monday",
          upload -> upload.withObject("/spec").put("datamover", "velero"));
      assertThat(scene.step("monday")).isInstanceOf(Next.Done.class);
      assertThat(DyingController.writes(scene.cluster.server)).isEmpty();
    }
  }

  @Test
  void aCancelBetweenReadingAndAnyWriteIsNeverOverwritten() throws Exception {
    int writes;
    try (UploadScene scene = scene("dry")) {
      scene.run("monday");
      writes = Math.toIntExact(uploadWrites(scene));
    }
    System.out.println("conflicts at each of " + writes + " writes to the DataUpload");
    assertThat(writes).isGreaterThanOrEqualTo(5);
    for (int at = 1; at <= writes; at++) {
      try (UploadScene scene = scene("conflict" + at)) {
        int wanted = at;
        AtomicInteger count = new AtomicInteger();
        String[] phaseThen = new String[1];
        scene.cluster.server.fail(
            request -> {
              if (isUploadWrite(request) && count.incrementAndGet() == wanted) {
                phaseThen[0] = scene.cluster.phase("monday");
                scene.cluster.cancel("monday");
              }
              return false;
            },
            500,
            1);
        boolean conflict = false;
        for (int i = 0; i < 300; i++) {
          try {
            if (scene.round("monday")) {
              break;
            }
          } catch (MoverException e) {
            assertThat(ClusterObjects.conflict(e)).as("%s", e).isTrue();
            conflict = true;
          }
        }
        assertThat(conflict).as("write " + at).isTrue();
        boolean decided = at >= writes; // The last write only says what was decided before.
        requireNothingLeft(scene, decided ? "Completed" : "Canceled");
        assertThat(scene.cluster.upload("monday").at("/spec/cancel").asBoolean()).isTrue();
      }
    }
  }

  private static boolean isUploadWrite(String request) {
    return request.startsWith("PATCH") && request.contains("/datauploads/");
  }

  private static long uploadWrites(UploadScene scene) {
    return scene.cluster.server.requests().stream().filter(UploadCancelTest::isUploadWrite).count();
  }

  @Test
  void ofTwoControllersOneAccepts() throws Exception {
    try (UploadScene scene = scene("two")) {
      AtomicInteger second = new AtomicInteger();
      UploadReconciler other = scene.another("controller-2");
      scene.cluster.server.fail(
          request -> {
            if (isUploadWrite(request) && second.getAndIncrement() == 0) {
              // The other one has read the same object, and is faster.
              scene.cluster.server.change(
                  "DataUpload",
                  "velero",
                  "monday",
                  upload ->
                      upload
                          .withObject("/status")
                          .put("phase", "Accepted")
                          .put("acceptedByNode", "controller-2")
                          .put("acceptedTimestamp", scene.now.toString()));
            }
            return false;
          },
          500,
          1);
      try {
        scene.step("monday");
        throw new AssertionError("both have accepted it");
      } catch (MoverException e) {
        assertThat(ClusterObjects.conflict(e)).isTrue();
      }
      assertThat(scene.cluster.upload("monday").at("/status/acceptedByNode").asText())
          .isEqualTo("controller-2");
      for (int i = 0; i < 200; i++) {
        other.reconcile(UploadScene.name("monday")); // Both at work for a while do no harm.
        if (scene.round("monday")) {
          break;
        }
      }
      requireNothingLeft(scene, "Completed");
    }
  }
}
