package io.blockmover.kubernetes.exposure;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.ErrorKind;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClaimFacts;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.SnapshotFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Backs a claim up from outside: takes a snapshot, makes a Block claim of it, runs mover in a pod,
 * and cleans up. Of all snapshots that its runs took, at most one stays: that of the last backup,
 * if the driver needs it to tell what changed since, or as the user says.
 */
public final class BackupExposure {

  private static final String MODE_CHANGE =
      "snapshot.storage.kubernetes.io/allow-volume-mode-change";

  private final Cluster cluster;
  private final Pace pace;
  private final Watch watch;

  public BackupExposure(Cluster cluster, Pace pace, Watch watch) {
    this.cluster = cluster;
    this.pace = pace;
    this.watch = watch;
  }

  /**
   * What to back up and how.
   *
   * @param snapshotClass empty for the driver's default
   * @param storageClass of the claim that is made of the snapshot; empty for that of the source
   * @param kept what becomes of the snapshot
   * @param needsBase whether a driver's snapshot is needed as a base, service or not
   * @param withDevice whether a claim is made of the snapshot, as the pod's device; without, the
   *     pod reads the snapshot where the storage keeps it
   * @param pod makes the pod's request for a snapshot, a volume's name being given
   */
  public record Request(
      ObjectName claim,
      Optional<String> snapshotClass,
      Optional<String> storageClass,
      KeptSnapshot kept,
      Predicate<String> needsBase,
      boolean withDevice,
      Function<Exposed, PodRequest> pod) {}

  /**
   * What the pod is told.
   *
   * @param snapshot the VolumeSnapshot that its device was made of
   * @param volume the name under which backups of the claim's volume follow each other
   */
  public record Exposed(ObjectName snapshot, String volume) {}

  /**
   * Runs the backup and cleans up.
   *
   * @return mover's exit code in the pod
   * @throws MoverException if something else failed; all is cleaned up if the cluster lets us
   */
  public int run(Request request) throws MoverException {
    ClaimFacts claim = cluster.claims().load(request.claim());
    claim.requireBound();
    RunLabels labels = new RunLabels(claim.uid(), UUID.randomUUID().toString().substring(0, 8));
    String namespace = claim.name().namespace();
    RunLease lease = RunLease.take(cluster.objects(), namespace, labels, pace, watch);
    try (lease) {
      OwnObjects own = new OwnObjects(cluster.objects(), namespace, labels, pace, watch);
      watch.step("removing what earlier runs left behind");
      own.removeExposed(false);
      SnapshotRetention retention =
          new SnapshotRetention(cluster, request.kept(), request.needsBase(), watch);
      retention.begin(own);
      Outcome outcome = new Outcome();
      try {
        move(request, claim, labels, lease, retention, outcome);
        return outcome.exitCode;
      } catch (MoverException | RuntimeException e) {
        outcome.failure = e;
        throw e;
      } finally {
        cleanUp(lease, own, retention, snapshot(claim, labels), outcome);
      }
    }
  }

  /** How far it came. */
  private static final class Outcome {
    boolean started;
    boolean unknown;
    int exitCode = -1;
    @Nullable Exception failure;

    SnapshotRetention.Result result() {
      if (exitCode == 0 || exitCode == 3) {
        return SnapshotRetention.Result.BACKED_UP;
      }
      return !started || (exitCode > 0 && !unknown)
          ? SnapshotRetention.Result.NONE
          : SnapshotRetention.Result.UNKNOWN;
    }
  }

  private static ObjectName snapshot(ClaimFacts claim, RunLabels labels) {
    return new ObjectName(claim.name().namespace(), "blockmover-" + labels.run());
  }

  private void move(
      Request request,
      ClaimFacts claim,
      RunLabels labels,
      RunLease lease,
      SnapshotRetention retention,
      Outcome outcome)
      throws MoverException {
    ObjectName name = snapshot(claim, labels);
    watch.step("taking VolumeSnapshot " + name);
    takeSnapshot(name, claim, request.snapshotClass(), labels);
    SnapshotFacts snapshot = awaitSnapshot(name, lease);
    retention.decide(snapshot.driver());
    if (request.withDevice()) {
      watch.step("making a Block claim of it");
      exposeAsBlock(name, claim, snapshot, request, labels, lease);
    }
    watch.step("starting pod " + name);
    MoverPod pod = new MoverPod(cluster, name, pace, watch);
    PodRequest podRequest = request.pod().apply(new Exposed(name, claim.volumeName()));
    lease.requireHeld();
    outcome.started = true;
    pod.create(
        request.withDevice() ? Optional.of(name.name()) : Optional.empty(),
        podRequest,
        labels.own(),
        lease.owner());
    MoverPod.End end = pod.await(lease);
    outcome.unknown = end.lastLine().contains("\"kind\":\"outcome_unknown\"");
    outcome.exitCode = end.exitCode();
    watch.step("mover ended with exit code " + end.exitCode());
  }

  private void takeSnapshot(
      ObjectName name, ClaimFacts claim, Optional<String> snapshotClass, RunLabels labels)
      throws MoverException {
    Map<String, Object> spec = new HashMap<>();
    spec.put("source", Map.of("persistentVolumeClaimName", claim.name().name()));
    snapshotClass.ifPresent(value -> spec.put("volumeSnapshotClassName", value));
    cluster
        .objects()
        .ensure(
            ObjectKind.SNAPSHOT,
            name,
            Map.of("metadata", Map.of("labels", labels.own(RunLabels.TAKEN)), "spec", spec));
  }

  private SnapshotFacts awaitSnapshot(ObjectName name, RunLease lease) throws MoverException {
    long end = System.nanoTime() + pace.step().toNanos();
    while (true) {
      lease.requireHeld();
      try {
        return cluster.snapshots().load(name);
      } catch (ClusterObjectUnusable e) {
        if (e.kind() != ErrorKind.UNAVAILABLE || System.nanoTime() > end) {
          throw e;
        }
      }
      watch.pause(pace);
    }
  }

  private void exposeAsBlock(
      ObjectName name,
      ClaimFacts source,
      SnapshotFacts snapshot,
      Request request,
      RunLabels labels,
      RunLease lease)
      throws MoverException {
    if (!source.block()) {
      cluster
          .objects()
          .patch(
              ObjectKind.CONTENT,
              "",
              snapshot.content(),
              Map.of("metadata", Map.of("annotations", Map.of(MODE_CHANGE, "true"))));
    }
    Map<String, Object> spec = new HashMap<>();
    spec.put("accessModes", List.of("ReadWriteOnce"));
    spec.put("volumeMode", "Block");
    spec.put(
        "resources",
        Map.of("requests", Map.of("storage", Long.toString(snapshot.restoreSizeBytes()))));
    spec.put(
        "dataSource",
        Map.of(
            "apiGroup", "snapshot.storage.k8s.io", "kind", "VolumeSnapshot", "name", name.name()));
    request
        .storageClass()
        .or(source::storageClass)
        .ifPresent(value -> spec.put("storageClassName", value));
    lease.requireHeld();
    cluster
        .objects()
        .ensure(
            ObjectKind.CLAIM,
            name,
            Map.of(
                "metadata",
                Map.of("labels", labels.own(), "ownerReferences", List.of(lease.owner())),
                "spec",
                spec));
  }

  /**
   * Removes what this run made. A run that was taken over owns nothing any more; what cannot be
   * removed now is removed by the next run.
   */
  private void cleanUp(
      RunLease lease,
      OwnObjects own,
      SnapshotRetention retention,
      ObjectName snapshot,
      Outcome outcome)
      throws MoverException {
    if (!lease.held()) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      watch.step("cleaning up");
      OwnObjects patient = own.uninterrupted();
      patient.removeExposed(true);
      retention.end(patient, snapshot, outcome.result());
      lease.release();
    } catch (MoverException e) {
      watch.step("could not clean up, the next run will: " + e.getMessage());
      Exception failure = outcome.failure;
      if (failure != null) {
        failure.addSuppressed(e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
