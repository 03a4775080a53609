package io.blockmover.velero.download;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blockmover.api.MoverException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The controller dies before and after the answer to each of its writes, and another one goes on:
 * all end as if nothing had happened, and at no moment is a volume without an object that leads to
 * it.
 */
@Tag("slow")
class DownloadCrashTest {

  @TempDir private Path directory;

  enum Course {
    BLOCK("Block", "Completed"),
    FILE_SYSTEM("Filesystem", "Completed"),
    FILE_SYSTEM_WITHOUT_ATTACHMENTS("Filesystem", "Completed"),
    FAILURE("Filesystem", "Failed"),
    CANCELLED_AT_WORK("Block", "Canceled"),
    CANCELLED_WHEN_RESTORED("Filesystem", "Canceled"),
    DELETED_AT_WORK("Block", "Canceled"),
    POD_LOST("Block", "Completed");

    final String mode;
    final String end;

    Course(String mode, String end) {
      this.mode = mode;
      this.end = end;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoeverGoesOnAfterADeathEndsItWell(Course course) throws Exception {
    int writes = run(course, -1, false);
    assertThat(writes).isGreaterThan(8);
    for (int at = 0; at < writes; at++) {
      run(course, at, false);
      run(course, at, true);
    }
    System.out.printf("%s: died at %d points%n", course, 2 * writes);
  }

  private int run(Course course, int at, boolean done) throws Exception {
    String where = "%s, death %s write %d".formatted(course, done ? "after" : "before", at);
    try (DownloadFixture f =
        new DownloadFixture(
            Files.createTempDirectory(directory, "run"),
            course != Course.FILE_SYSTEM_WITHOUT_ATTACHMENTS)) {
      DeathAtWrite death = new DeathAtWrite(f.server, at, done);
      f.download();
      f.target(course.mode);
      begin(course, f);
      for (int i = 0; i < 300 && !f.ended(); i++) {
        try {
          f.step();
        } catch (MoverException e) {
          assertThat(at).as("%s: %s", where, e).isNotNegative();
        }
        if (death.buried()) {
          f.restart();
        }
        disturb(course, f);
        assertThat(f.volumes.lost()).as(where).isEmpty();
      }
      check(course, f, where);
      return death.writes();
    }
  }

  private static void begin(Course course, DownloadFixture f) {
    switch (course) {
      case FAILURE -> f.volumes.end = Optional.of(SimulatedVolumes.failure());
      case CANCELLED_AT_WORK, DELETED_AT_WORK -> f.volumes.end = Optional.empty();
      default -> {}
    }
  }

  private static void disturb(Course course, DownloadFixture f) {
    boolean works = f.phase().equals("InProgress");
    switch (course) {
      case CANCELLED_AT_WORK -> {
        if (works) {
          cancel(f);
        }
      }
      case DELETED_AT_WORK -> {
        if (works && f.object().orElseThrow().at("/metadata/deletionTimestamp").isMissingNode()) {
          f.server.delete("DataDownload", "velero", "dd");
        }
      }
      case CANCELLED_WHEN_RESTORED -> {
        if (f.object().orElseThrow().at("/metadata/annotations").toString().contains("COMPLETED")) {
          cancel(f);
        }
      }
      case POD_LOST -> {
        if (works && f.volumes.arguments.size() == 1) {
          f.server.change(
              "Pod", "velero", "bm-u-1", p -> p.withObject("/metadata").remove("finalizers"));
          f.server.delete("Pod", "velero", "bm-u-1");
        }
      }
      default -> {}
    }
  }

  private static void cancel(DownloadFixture f) {
    if (!f.object().orElseThrow().at("/spec/cancel").asBoolean()) {
      f.server.change(
          "DataDownload", "velero", "dd", o -> o.withObject("/spec").put("cancel", true));
    }
  }

  private static void check(Course course, DownloadFixture f, String where) {
    assertThat(f.server.names("Pod")).as(where).isEmpty();
    assertThat(f.server.names("PersistentVolumeClaim")).as(where).containsExactly("app/data");
    if (course == Course.DELETED_AT_WORK) {
      assertThat(f.phase()).as(where).isEqualTo("gone");
    } else {
      assertThat(f.phase()).as("%s: %s", where, f.message()).isEqualTo(course.end);
    }
    if (!course.end.equals("Completed")) {
      assertThat(f.volumes.handles).as(where).isEmpty();
      assertThat(f.server.names("PersistentVolume")).as(where).isEmpty();
      return;
    }
    ObjectNode volume = f.delivered().orElseThrow();
    assertThat(f.server.names("PersistentVolume")).as(where).hasSize(1);
    assertThat(volume.at("/spec/volumeMode").asText()).as(where).isEqualTo(course.mode);
    assertThat(volume.at("/spec/persistentVolumeReclaimPolicy").asText())
        .as(where)
        .isEqualTo("Delete");
    assertThat(volume.at("/metadata/labels").toString()).as(where).doesNotContain("blockmover");
    assertThat(f.claim().at("/status/phase").asText()).as(where).isEqualTo("Bound");
    assertThat(f.volumes.handles).as(where).hasSize(1).isEqualTo(f.volumes.filled);
    assertThat(f.volumes.arguments).as(where).hasSize(course == Course.POD_LOST ? 2 : 1);
  }
}
