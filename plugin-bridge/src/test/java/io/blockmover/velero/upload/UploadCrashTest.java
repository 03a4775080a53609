package io.blockmover.velero.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.MoverException;
import io.blockmover.velero.controller.Next;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The controller dies before and after each write of a whole upload, and another one goes on. The
 * points are found by a pass in which nothing dies.
 */
@Tag("slow")
class UploadCrashTest {

  private static final String UID = SimulatedCluster.UID;
  private static final int MANY = 500;

  /** What becomes of the upload. */
  enum Story {
    COMPLETES("Completed", List.of("handle-tuesday")),
    FAILS("Failed", List.of("handle-monday")),
    IS_CANCELED_WHILE_IT_WAITS("Canceled", List.of("handle-monday")),
    IS_CANCELED_IN_MID_RUN("Canceled", List.of("handle-monday")),
    LOSES_ITS_POD("Completed", List.of("handle-tuesday"));

    final String phase;
    final List<String> snapshots;

    Story(String phase, List<String> snapshots) {
      this.phase = phase;
      this.snapshots = snapshots;
    }
  }

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(Story.class)
  void anotherControllerGoesOnFromAnyPoint(Story story) throws Exception {
    List<String> writes = dryPass(story);
    System.out.println(story + ": " + writes.size() + " writes, dies before and after each");
    assertThat(writes).hasSizeGreaterThan(8);
    for (int point = 1; point <= writes.size(); point++) {
      for (boolean replyLost : new boolean[] {false, true}) {
        String where =
            "%s, dead %s write %d of %d: %s"
                .formatted(
                    story,
                    replyLost ? "after" : "before",
                    point,
                    writes.size(),
                    writes.get(point - 1));
        try (UploadScene scene = scene(point + (replyLost ? "after" : "before") + story)) {
          DyingController death = new DyingController(scene.cluster.server, point, replyLost);
          tell(scene, story, death);
          assertThat(death.dead()).as(where).isFalse();
          requireGood(scene, story, where);
        }
      }
    }
  }

  private List<String> dryPass(Story story) throws Exception {
    try (UploadScene scene = scene("dry" + story)) {
      int before = DyingController.writes(scene.cluster.server).size();
      tell(scene, story, new DyingController(scene.cluster.server, 0, false));
      requireGood(scene, story, story + " without death");
      List<String> writes = DyingController.writes(scene.cluster.server);
      return writes.subList(before, writes.size());
    }
  }

  /** Monday's backup has left a base; tuesday's is about to begin. */
  private UploadScene scene(String name) throws Exception {
    UploadScene scene = new UploadScene(Files.createDirectory(directory.resolve(name)));
    scene.cluster.tracksChanges();
    scene.cluster.base("handle-monday");
    scene.cluster.backup("tuesday", UID);
    return scene;
  }

  private static void tell(UploadScene scene, Story story, DyingController death)
      throws MoverException {
    SimulatedCluster cluster = scene.cluster;
    cluster.podsEnd = story != Story.IS_CANCELED_IN_MID_RUN && story != Story.LOSES_ITS_POD;
    cluster.claimsGetBound = story != Story.IS_CANCELED_WHILE_IT_WAITS;
    if (story == Story.FAILS) {
      cluster.exitCode = 1;
      cluster.podMessage = "{\"type\":\"error\",\"kind\":\"full\",\"message\":\"no space\"}";
    }
    boolean told = false;
    for (int i = 0; i < MANY; i++) {
      String phase = cluster.phase("tuesday");
      if (!told
          && phase.equals(story == Story.IS_CANCELED_WHILE_IT_WAITS ? "Accepted" : "InProgress")
          && cluster.made().size() > 2) {
        told = true;
        strike(cluster, story);
      }
      if (round(scene, death)) {
        return;
      }
    }
    throw new AssertionError("no end: " + cluster.upload("tuesday").path("status"));
  }

  private static void strike(SimulatedCluster cluster, Story story) {
    switch (story) {
      case IS_CANCELED_WHILE_IT_WAITS, IS_CANCELED_IN_MID_RUN -> cluster.cancel("tuesday");
      case LOSES_ITS_POD -> {
        cluster.podsDie();
        cluster.podsEnd = true;
      }
      case COMPLETES, FAILS -> {}
    }
  }

  /** One step; whoever dies in it is followed by another while the cluster goes on. */
  private static boolean round(UploadScene scene, DyingController death) throws MoverException {
    try {
      Next next = scene.step("tuesday");
      if (next instanceof Next.After after) {
        scene.pass(after.delay());
      }
      if (!death.dead()) {
        return next instanceof Next.Done;
      }
    } catch (MoverException | RuntimeException e) {
      if (!death.dead()) {
        throw e;
      }
    }
    scene.cluster.settle();
    death.revive();
    scene.restart();
    return false;
  }

  private static void requireGood(UploadScene scene, Story story, String where) {
    scene.settle();
    SimulatedCluster cluster = scene.cluster;
    assertThat(cluster.phase("tuesday")).as(where).isEqualTo(story.phase);
    assertThat(cluster.upload("tuesday").at("/metadata/finalizers")).as(where).isEmpty();
    assertThat(cluster.snapshots).as(where).containsExactlyElementsOf(story.snapshots);
    assertThat(cluster.leakedSnapshots()).as(where).isEmpty();
    assertThat(cluster.disks).as(where).isEmpty();
    assertThat(cluster.server.names("Pod")).as(where).isEmpty();
    assertThat(cluster.server.names("VolumeSnapshot")).as(where).hasSize(1);
    assertThat(cluster.server.names("VolumeSnapshotContent")).as(where).hasSize(1);
    if (story.phase.equals("Completed")) {
      assertThat(cluster.upload("tuesday").at("/status/snapshotID").asText())
          .as(where)
          .isEqualTo("blockmover/1/-/20260101-abc");
    }
  }
}
