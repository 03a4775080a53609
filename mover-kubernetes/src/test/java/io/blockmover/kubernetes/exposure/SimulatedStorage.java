package io.blockmover.kubernetes.exposure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import java.time.Instant;

/** The controllers of a cluster: snapshots become ready at once, pods end as a test wants it. */
final class SimulatedStorage {

  private final FakeApiServer server;
  private int exitCode;
  private boolean podsRun;
  private String log = "{\"type\":\"backup\"}";

  SimulatedStorage(FakeApiServer server) {
    this.server = server;
    server.controller("VolumeSnapshot", this::snapshot);
    server.controller("Pod", this::pod);
  }

  /** Pods end with this from now on. */
  void podsEndWith(int code, String lastLine) {
    exitCode = code;
    log = lastLine;
    podsRun = false;
  }

  /** Pods do not end from now on. */
  void podsRun() {
    podsRun = true;
  }

  private void snapshot(ObjectNode object) {
    String name = object.at("/metadata/name").asText();
    object
        .withObject("/status")
        .put("boundVolumeSnapshotContentName", "content-" + name)
        .put("readyToUse", true)
        .put("creationTime", Instant.now().toString());
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotContent",
         "metadata": {"name": "content-%1$s",
                      "ownerReferences": [{"uid": "%2$s"}]},
         "spec": {"driver": "disk.example.com", "source": {"volumeHandle": "vol-1"},
                  "volumeSnapshotRef": {"namespace": "app", "name": "%1$s", "uid": "%2$s"}},
         "status": {"snapshotHandle": "handle-%1$s", "readyToUse": true, "restoreSize": 1048576}}
        """
            .formatted(name, object.at("/metadata/uid").asText()));
  }

  private void pod(ObjectNode object) {
    server.log("app", object.at("/metadata/name").asText(), log);
    ObjectNode status = object.withObject("/status");
    if (podsRun) {
      status.put("phase", "Running");
      return;
    }
    status.put("phase", exitCode == 0 ? "Succeeded" : "Failed");
    status
        .putArray("containerStatuses")
        .addObject()
        .putObject("state")
        .putObject("terminated")
        .put("exitCode", exitCode);
  }
}
