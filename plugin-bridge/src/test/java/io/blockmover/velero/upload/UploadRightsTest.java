package io.blockmover.velero.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.MoverException;
import io.blockmover.velero.rights.ChartRights;
import io.blockmover.velero.rights.ChartRights.Right;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of the chart's rules, what a backup needs. */
@Tag("slow")
class UploadRightsTest {

  /**
   * Without these a backup is made all the same: nobody waits for an event or for progress, and the
   * pod asks for itself whether the driver has a service, and says what hinders it.
   */
  private static final Set<String> UNTOLD =
      Set.of(
          "create events",
          "get pods/log",
          "get snapshotmetadataservices.cbt.storage.k8s.io everywhere");

  private static final int ROUNDS = 400;

  @TempDir private Path directory;

  private UploadScene scene(String name) throws Exception {
    UploadScene scene = new UploadScene(Files.createDirectory(directory.resolve(name)));
    scene.cluster.backup("monday", SimulatedCluster.UID);
    return scene;
  }

  /** What a whole backup asks for. */
  private Set<Right> needed() throws Exception {
    try (UploadScene scene = scene("all")) {
      scene.run("monday");
      assertThat(scene.cluster.phase("monday")).isEqualTo("Completed");
      return ChartRights.needed(scene.cluster.server.requests());
    }
  }

  @Test
  void allThatABackupAsksForIsGrantedByTheChart() throws Exception {
    ChartRights chart = ChartRights.load();
    assertThat(needed()).isNotEmpty().allMatch(chart::grants);
  }

  @Test
  void eachRightThatIsTakenAwayIsNamed() throws Exception {
    Map<Right, String> silent = new LinkedHashMap<>();
    for (Right right : needed()) {
      if (!UNTOLD.contains(right.toString())) {
        String said = whatIsSaidWithout(right);
        if (!said.isEmpty()) {
          silent.put(right, said);
        }
      }
    }
    assertThat(silent).as("rights whose lack is not named, and what was said").isEmpty();
  }

  /** Empty if the DataUpload's message, or the log where nothing can be written, named it. */
  private String whatIsSaidWithout(Right right) throws Exception {
    try (UploadScene scene = scene(right.toString().replace('/', '-'))) {
      scene.cluster.server.deny(right.rule());
      String named = right.rule().verb() + " resource \"" + right.rule().resource() + "\"";
      String log = "";
      boolean done = false;
      for (int round = 0; round < ROUNDS && !done; round++) {
        try {
          done = scene.round("monday");
        } catch (MoverException e) {
          log = e.getMessage();
          scene.pass(Duration.ofSeconds(10));
        }
        if ((scene.cluster.message("monday") + log).contains(named)) {
          return "";
        }
      }
      return scene.cluster.phase("monday") + ": " + scene.cluster.message("monday") + log;
    }
  }
}
