package io.blockmover.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The controllers of a cluster: snapshots become ready at once, pods end as a test wants it. */
public final class SimulatedStorage {

  private final FakeApiServer server;
  private final List<List<String>> arguments = new ArrayList<>();
  private int exitCode;
  private boolean podsRun;
  private String log = "{\"type\":\"backup\"}";

  public SimulatedStorage(FakeApiServer server) {
    this.server = server;
    server.controller("VolumeSnapshot", this::snapshot);
    server.controller("Pod", this::pod);
  }

  /** Pods end with this from now on. */
  public void podsEndWith(int code, String lastLine) {
    exitCode = code;
    log = lastLine;
    podsRun = false;
  }

  /** Pods do not end from now on. */
  public void podsRun() {
    podsRun = true;
  }

  /** What the containers of all pods until now were told. */
  public List<List<String>> arguments() {
    return List.copyOf(arguments);
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
    List<String> told = new ArrayList<>();
    object.at("/spec/containers/0/args").forEach(argument -> told.add(argument.asText()));
    arguments.add(List.copyOf(told));
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
