package io.blockmover.velero.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterFiguresTest {

  @TempDir private static Path directory;
  private final FakeApiServer server = new FakeApiServer();
  private Cluster cluster;

  @BeforeEach
  void connect() throws Exception {
    cluster = Cluster.open(server.kubeconfig(directory));
  }

  @AfterEach
  void stop() {
    cluster.close();
    server.close();
  }

  private List<String> lines() throws MoverException {
    List<Figure> figures = new ClusterFigures(cluster, "velero", "blockmover").read();
    return Exposition.text(figures).lines().filter(line -> !line.startsWith("#")).toList();
  }

  private void upload(String name, String mover, String status) {
    server.put(
        """
        {"apiVersion": "velero.io/v2alpha1", "kind": "DataUpload",
         "metadata": {"namespace": "velero", "name": "%1$s", "uid": "uid-%1$s"},
         "spec": {"datamover": "%2$s", "sourceNamespace": "app", "sourcePVC": "da\\"ta"},
         "status": {%3$s}}
        """
            .formatted(name, mover, status));
  }

  private void completed(String name, int second, String message) {
    upload(
        name,
        "blockmover",
        """
        "phase": "Completed", "message": "%s", "incrementalBytes": %d,
        "progress": {"totalBytes": 4096, "bytesDone": 4096},
        "completionTimestamp": "1970-01-01T00:00:%02dZ"
        """
            .formatted(message, second, second));
  }

  @Test
  void eachClaimsLastWholeBackupCounts() throws MoverException {
    completed("new", 30, "full-scan: 1 of 2 bytes read; csi-snapshot-metadata: gone, distrusted");
    completed("old", 10, "csi-snapshot-metadata: all of it");
    upload("failed", "blockmover", "\"phase\": \"Failed\"");
    upload("other", "velero", "\"phase\": \"Completed\"");
    String claim = "{claim=\"da\\\"ta\",namespace=\"app\"} ";
    assertThat(lines())
        .contains(
            "blockmover_last_backup_timestamp_seconds" + claim + "30.0",
            "blockmover_last_backup_changed_bytes" + claim + "30.0",
            "blockmover_last_backup_volume_bytes" + claim + "4096.0",
            "blockmover_last_backup_fallback" + claim + "1.0",
            "blockmover_last_backup_distrusted" + claim + "1.0",
            "blockmover_transfers{kind=\"DataUpload\",phase=\"Completed\"} 2.0",
            "blockmover_transfers{kind=\"DataUpload\",phase=\"Failed\"} 1.0")
        .noneMatch(line -> line.startsWith(Metric.OLDEST_OPEN.id()));
  }

  private void content(String name, String uid, String role) {
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotContent",
         "metadata": {"name": "%s", "annotations": {"blockmover.io/claim": "app/data"},
           "labels": {"app.kubernetes.io/managed-by": "blockmover",
             "blockmover.io/transfer-uid": "%s"%s}}, "spec": {}}
        """
            .formatted(name, uid, role));
  }

  @Test
  void keptSnapshotsAreCountedAndWhatIsLeftBehindIsTold() throws MoverException {
    upload("works", "blockmover", "\"phase\": \"InProgress\"");
    content("at-work", "uid-works", "");
    content("base", "gone", ", \"blockmover.io/role\": \"base\"");
    content("left", "gone", "");
    assertThat(lines())
        .contains(
            "blockmover_base_snapshots{claim=\"app/data\"} 1.0",
            "blockmover_left_behind_objects{kind=\"VolumeSnapshotContent\"} 1.0",
            "blockmover_left_behind_objects{kind=\"Pod\"} 0.0")
        .anyMatch(line -> line.startsWith(Metric.OLDEST_OPEN.id() + "{kind=\"DataUpload\"} "));
  }

  /**
   * What the chart asks Prometheus for: a name that nobody exports is an alert that never comes.
   */
  @Test
  void alertsAndDashboardUseAllNamesAndNoOthers() throws Exception {
    Path files = Path.of("..", "deploy", "chart", "blockmover", "files");
    Set<String> used = new TreeSet<>();
    for (String file : List.of("alerts.yaml", "dashboard.json")) {
      Matcher matcher =
          Pattern.compile("blockmover_[a-z_]+").matcher(Files.readString(files.resolve(file)));
      while (matcher.find()) {
        used.add(matcher.group());
      }
    }
    assertThat(used)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Metric.values()).map(Metric::id).collect(Collectors.toSet()));
  }

  @Test
  void aLineHasItsLabelsInOrder() {
    assertThat(new Figure(Metric.TRANSFERS, Map.of("b", "x\ny", "a", "\\"), 1).line())
        .isEqualTo("blockmover_transfers{a=\"\\\\\",b=\"x\\ny\"} 1.0\n");
  }
}
