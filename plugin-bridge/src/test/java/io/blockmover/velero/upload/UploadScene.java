package io.blockmover.velero.upload;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.controller.Admission;
import io.blockmover.velero.controller.Next;
import io.blockmover.velero.settings.BridgeEnvironment;
import io.blockmover.velero.settings.BridgeSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A cluster, a clock and the controller's steps, one at a time. */
final class UploadScene implements AutoCloseable {

  private static final int MANY = 500;

  final SimulatedCluster cluster = new SimulatedCluster();
  private final Cluster connection;
  private final VolumeRules rules;
  Instant now = SimulatedCluster.start();
  BridgeSettings settings = BridgeSettings.STANDARD;
  private UploadReconciler reconciler;

  UploadScene(Path directory) throws IOException, MoverException {
    this(directory, VolumeRules.NONE);
  }

  UploadScene(Path directory, VolumeRules rules) throws IOException, MoverException {
    this.connection = Cluster.open(cluster.server.kubeconfig(directory));
    this.rules = rules;
    this.reconciler = begin();
  }

  private UploadReconciler begin() {
    return another("controller-1");
  }

  /** A second controller on the same cluster. */
  UploadReconciler another(String identity) {
    InstantSource clock = () -> now;
    return new UploadReconciler(
        connection,
        Admission.OPEN,
        rules,
        new BridgeEnvironment("velero", "mover:1", "mover-pod", identity),
        () -> settings,
        clock);
  }

  /** As a process that dies and is followed by another. */
  void restart() {
    reconciler = begin();
  }

  Next step(String name) throws MoverException {
    return reconciler.reconcile(name(name));
  }

  static ObjectName name(String name) {
    return new ObjectName("velero", name);
  }

  /** As {@link #run}, of one that vanishes when it is done. */
  void runUntilGone(String name) throws MoverException {
    for (int i = 0; i < MANY; i++) {
      if (cluster.server.find("DataUpload", "velero", name).isEmpty()) {
        return;
      }
      round(name);
    }
    throw new AssertionError("it stays: " + cluster.upload(name));
  }

  /** Steps, while cluster and clock go on, until there is nothing to do. */
  void run(String name) throws MoverException {
    for (int i = 0; i < MANY; i++) {
      if (round(name)) {
        return;
      }
    }
    throw new AssertionError(
        "no end: " + cluster.upload(name).path("status") + " " + cluster.made());
  }

  /** Steps until a phase is seen. */
  void runTo(String name, String phase) throws MoverException {
    for (int i = 0; i < MANY; i++) {
      if (cluster.phase(name).equals(phase)) {
        return;
      }
      round(name);
    }
    throw new AssertionError(
        "never " + phase + ": " + cluster.upload(name).path("status") + " " + cluster.made());
  }

  /** One step, and the time until the next. Whether nothing is left to do. */
  boolean round(String name) throws MoverException {
    switch (step(name)) {
      case Next.Now _ -> {
        return false;
      }
      case Next.After after -> {
        pass(after.delay());
        return false;
      }
      case Next.Done _ -> {
        return true;
      }
    }
  }

  void pass(Duration time) {
    now = now.plus(time);
    cluster.settle();
  }

  /** Lets the cluster finish what it was told. */
  void settle() {
    for (int i = 0; i < 20; i++) {
      cluster.settle();
    }
  }

  @Override
  public void close() {
    connection.close();
    cluster.server.close();
  }
}
