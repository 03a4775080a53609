package io.blockmover.velero.download;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.velero.controller.Admission;
import io.blockmover.velero.controller.Next;
import io.blockmover.velero.settings.BridgeEnvironment;
import io.blockmover.velero.settings.BridgeSettings;
import io.blockmover.velero.transfer.Transfer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A cluster with a DataDownload {@code velero/dd} for claim {@code app/data}, of 1 MiB. */
final class DownloadFixture implements AutoCloseable {

  static final String BACKUP = "0123456789abcdef0123456789abcdef";
  static final ObjectName DOWNLOAD = new ObjectName("velero", "dd");
  private static final int ENOUGH = 1500;

  final FakeApiServer server = new FakeApiServer();
  final VirtualClock clock = new VirtualClock();
  final SimulatedVolumes volumes;
  final List<String> phases = new ArrayList<>();
  private final Cluster cluster;
  BridgeSettings settings = BridgeSettings.STANDARD;
  DownloadReconciler reconciler;
  Optional<String> turn = Optional.empty();
  private final Admission admission =
      new Admission() {
        @Override
        public Optional<String> ask(Transfer transfer, Volume volume) {
          return turn;
        }

        @Override
        public void leave(String uid) {}
      };

  DownloadFixture(Path directory, boolean attaches) throws IOException {
    volumes = new SimulatedVolumes(server, attaches);
    cluster = Cluster.open(server.kubeconfig(directory));
    server.put(
        """
        {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "fast"},
         "provisioner": "disk.example.com", "volumeBindingMode": "Immediate",
         "parameters": {"csi.storage.k8s.io/fstype": "ext4"}}
        """);
    server.put(
        """
        {"apiVersion": "velero.io/v1", "kind": "BackupStorageLocation",
         "metadata": {"namespace": "velero", "name": "default"},
         "spec": {"provider": "aws", "accessMode": "ReadOnly",
                  "credential": {"name": "cloud", "key": "cloud"},
                  "objectStorage": {"bucket": "b", "prefix": "p"}, "config": {"region": "r"}},
         "status": {"phase": "Available"}}
        """);
    server.put(
        """
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-1"},
         "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
        """);
    restart();
  }

  /** Another process takes over. */
  void restart() {
    reconciler = another();
  }

  DownloadReconciler another() {
    return new DownloadReconciler(
        cluster,
        admission,
        new BridgeEnvironment("velero", "mover:1", "mover", "controller-1"),
        () -> settings,
        clock);
  }

  void download() {
    download("blockmover/1/-/" + BACKUP, "");
  }

  /**
   * @param more further fields of the spec, each with a comma behind
   */
  void download(String snapshot, String more) {
    server.put(
        """
        {"apiVersion": "velero.io/v2alpha1", "kind": "DataDownload",
         "metadata": {"namespace": "velero", "name": "dd", "uid": "u-1",
                      "labels": {"velero.io/restore-name": "r"}},
         "spec": {%s "datamover": "blockmover", "snapshotID": "%s",
                  "backupStorageLocation": "default", "sourceNamespace": "app",
                  "operationTimeout": "10m0s",
                  "targetVolume": {"namespace": "app", "pvc": "data", "pv": ""}}}
        """
            .formatted(more, snapshot));
  }

  /** The claim as Velero makes it. */
  void target(String mode) {
    server.put(
        """
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim",
         "metadata": {"namespace": "app", "name": "data", "uid": "target-1"},
         "spec": {"storageClassName": "fast", "volumeMode": "%s",
                  "accessModes": ["ReadWriteOnce"],
                  "selector": {"matchLabels": {"velero.io/dynamic-pv-restore": "app.data.x1y2z"}},
                  "resources": {"requests": {"storage": "1Mi"}}},
         "status": {"phase": "Pending"}}
        """
            .formatted(mode));
  }

  Optional<ObjectNode> object() {
    return server.find("DataDownload", "velero", "dd");
  }

  String phase() {
    return object().map(o -> o.at("/status/phase").asText("")).orElse("gone");
  }

  String message() {
    return object().map(o -> o.at("/status/message").asText("")).orElse("");
  }

  boolean ended() {
    return List.of("Completed", "Failed", "Canceled", "gone").contains(phase())
        && object().map(o -> o.at("/metadata/finalizers").isEmpty()).orElse(true);
  }

  ObjectNode claim() {
    return server.find("PersistentVolumeClaim", "app", "data").orElseThrow();
  }

  Optional<ObjectNode> delivered() {
    String name =
        server
            .find("PersistentVolumeClaim", "app", "data")
            .map(claim -> claim.at("/spec/volumeName").asText(""))
            .orElse("");
    return server.find("PersistentVolume", "", name);
  }

  /** One step, and what time and the cluster's controllers do until the next one. */
  Next step() throws MoverException {
    Next next = reconciler.reconcile(DOWNLOAD);
    if (phases.isEmpty() || !phases.getLast().equals(phase())) {
      phases.add(phase());
    }
    if (next instanceof Next.After after) {
      clock.advance(after.delay());
      volumes.round();
    }
    return next;
  }

  /** Steps until a phase, or until it has ended. */
  void runUntil(String phase) throws MoverException {
    for (int i = 0; i < ENOUGH; i++) {
      if (phase().equals(phase) && (ended() || !phase.matches("Completed|Failed|Canceled"))) {
        return;
      }
      if (ended()) {
        throw new AssertionError("ended as " + phase() + ": " + message());
      }
      step();
    }
    throw new AssertionError("still " + phase() + ": " + message());
  }

  void advance(Duration duration) {
    clock.advance(duration);
  }

  @Override
  public void close() {
    cluster.close();
    server.close();
  }
}
