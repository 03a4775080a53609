package io.blockmover.velero.drain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrainTest {

  @TempDir private static Path directory;
  private final FakeApiServer server = new FakeApiServer();
  private Cluster cluster;
  private Drain drain;

  @BeforeEach
  void connect() throws Exception {
    cluster = Cluster.open(server.kubeconfig(directory));
    drain = new Drain(cluster, "velero", "blockmover");
  }

  @AfterEach
  void stop() {
    cluster.close();
    server.close();
  }

  private void upload(String name, String mover, String phase, boolean held) {
    server.put(
        """
        {"apiVersion": "velero.io/v2alpha1", "kind": "DataUpload",
         "metadata": {"namespace": "velero", "name": "%s", "finalizers": [%s]},
         "spec": {"datamover": "%s"}, "status": {"phase": "%s"}}
        """
            .formatted(name, held ? "\"blockmover.io/transfer\"" : "", mover, phase));
  }

  private void content(String name, String labels) {
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotContent",
         "metadata": {"name": "%s", "labels": {%s}}, "spec": {"deletionPolicy": "Retain"}}
        """
            .formatted(name, labels));
  }

  private void base(String name) {
    content(
        name,
        "\"app.kubernetes.io/managed-by\": \"blockmover\", \"blockmover.io/transfer-uid\": \"u\"");
  }

  private boolean cancelled(String name) {
    ObjectNode upload = server.find("DataUpload", "velero", name).orElseThrow();
    return upload.at("/spec/cancel").asBoolean();
  }

  @Test
  void whereNothingIsNothingIsWaitedFor() throws MoverException {
    assertThat(drain.step()).isEmpty();
  }

  @Test
  void transfersOfOursAreCancelledAndWaitedForAndOthersAreNotTouched() throws MoverException {
    upload("new", "blockmover", "", false);
    upload("works", "blockmover", "InProgress", true);
    upload("ended", "blockmover", "Completed", false);
    upload("other", "velero", "InProgress", false);
    base("bm-1");
    assertThat(drain.step().orElseThrow()).contains("2 transfers to end", "DataUpload velero/");
    assertThat(cancelled("new")).isTrue();
    assertThat(cancelled("works")).isTrue();
    assertThat(cancelled("ended")).isFalse();
    assertThat(cancelled("other")).isFalse();
    assertThat(server.names("VolumeSnapshotContent")).containsExactly("bm-1");
  }

  @Test
  void anEndedTransferOfWhichSomethingIsLeftIsWaitedFor() throws MoverException {
    upload("ended", "blockmover", "Canceled", true);
    assertThat(drain.step()).isPresent();
  }

  @Test
  void keptSnapshotsGoWithWhatStorageHoldsOfThem() throws MoverException {
    base("bm-1");
    content("somebody", "\"app.kubernetes.io/managed-by\": \"blockmover\"");
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshot",
         "metadata": {"namespace": "velero", "name": "bm-1"},
         "spec": {"source": {"volumeSnapshotContentName": "bm-1"}}}
        """);
    assertThat(drain.step().orElseThrow()).contains("1 kept snapshots", "bm-1");
    assertThat(server.names("VolumeSnapshot")).isEmpty();
    assertThat(
            server
                .find("VolumeSnapshotContent", "", "bm-1")
                .orElseThrow()
                .at("/spec/deletionPolicy")
                .asText())
        .isEqualTo("Delete");
    drain.step(); // Its snapshot is gone: here nobody else takes the content along.
    assertThat(drain.step()).isEmpty();
    assertThat(server.names("VolumeSnapshotContent")).containsExactly("somebody");
  }
}
