package io.blockmover.kubernetes.exposure;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.ErrorKind;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.MicroTime;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run at a time on a volume: a Lease that the run holds and renews, and that owns what it
 * makes. A run whose Lease was not renewed for a while by our own clock, whatever the times in it
 * say, is dead, and so is one whose process ran on this machine and is gone; its Lease is taken
 * over by compare-and-swap.
 */
final class RunLease implements AutoCloseable {

  private final ClusterObjects objects;
  private final ObjectName name;
  private final RunLabels labels;
  private final Pace pace;
  private final Thread renewal;

  private ClusterObject current;
  private volatile @Nullable MoverException lost;

  private RunLease(
      ClusterObjects objects, ObjectName name, RunLabels labels, Pace pace, ClusterObject held) {
    this.objects = objects;
    this.name = name;
    this.labels = labels;
    this.pace = pace;
    this.current = held;
    this.renewal = Thread.ofPlatform().daemon().name("lease").start(this::keepAlive);
  }

  /**
   * Takes the Lease, waiting for a dead run to prove dead.
   *
   * @throws ClusterObjectUnusable of kind CONFLICT if another run is alive
   */
  static RunLease take(
      ClusterObjects objects, String namespace, RunLabels labels, Pace pace, Watch watch)
      throws MoverException {
    ObjectName name = new ObjectName(namespace, "blockmover-" + labels.volume());
    while (true) {
      Optional<ClusterObject> found = objects.find(ObjectKind.LEASE, name);
      try {
        ClusterObject held =
            found.isEmpty()
                ? objects.create(ObjectKind.LEASE, name, body(labels, pace, null))
                : takeOver(objects, name, labels, pace, watch, found.get());
        return new RunLease(objects, name, labels, pace, held);
      } catch (ClusterObjectUnusable e) {
        if (e.kind() != ErrorKind.NOT_FOUND && !lostReply(objects, name, labels)) {
          throw e.kind() == ErrorKind.CONFLICT ? busy(name, "another run") : e;
        }
      }
    }
  }

  /** Whether it is ours after all: then the next round takes it over from ourselves. */
  private static boolean lostReply(ClusterObjects objects, ObjectName name, RunLabels labels)
      throws MoverException {
    return objects
        .find(ObjectKind.LEASE, name)
        .flatMap(lease -> lease.text("spec", "holderIdentity"))
        .equals(Optional.of(labels.run()));
  }

  private static ClusterObject takeOver(
      ClusterObjects objects,
      ObjectName name,
      RunLabels labels,
      Pace pace,
      Watch watch,
      ClusterObject found)
      throws MoverException {
    String holder = found.text("spec", "holderIdentity").orElse("somebody");
    boolean gone = ProcessMark.isGone(found.annotations().getOrDefault(ProcessMark.ANNOTATION, ""));
    if (!holder.equals(labels.run()) && !gone) {
      watch.step("waiting whether run " + holder + ", which left something behind, is dead");
      long end = System.nanoTime() + pace.leaseLife().toNanos();
      while (System.nanoTime() < end) {
        watch.pause(pace);
        Optional<ClusterObject> now = objects.find(ObjectKind.LEASE, name);
        if (now.isEmpty()) {
          throw ClusterObjectUnusable.missing("the other run has just ended", "");
        }
        if (!now.get().resourceVersion().equals(found.resourceVersion())) {
          throw busy(name, "run " + holder);
        }
      }
    }
    return objects.patch(
        ObjectKind.LEASE, name.namespace(), name.name(), body(labels, pace, found));
  }

  private static ClusterObjectUnusable busy(ObjectName name, String who) {
    return ClusterObjectUnusable.conflict(
        who + " is working on this volume (Lease " + name + ")",
        "wait for it to end, then run the command again",
        null);
  }

  private static Map<String, Object> body(
      RunLabels labels, Pace pace, @Nullable ClusterObject replaced) {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("labels", labels.own());
    String process = ProcessMark.of(ProcessHandle.current().pid()).orElse("");
    metadata.put("annotations", Map.of(ProcessMark.ANNOTATION, process));
    if (replaced != null) {
      metadata.put("resourceVersion", replaced.resourceVersion());
    }
    return Map.of(
        "metadata",
        metadata,
        "spec",
        Map.of(
            "holderIdentity",
            labels.run(),
            "leaseDurationSeconds",
            Math.max(1, pace.leaseLife().toSeconds()),
            "renewTime",
            MicroTime.text(Instant.now())));
  }

  private void keepAlive() {
    try {
      while (lost == null) {
        Thread.sleep(pace.renewal());
        renew();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void renew() {
    try {
      current =
          objects.patch(
              ObjectKind.LEASE, name.namespace(), name.name(), body(labels, pace, current));
    } catch (MoverException e) {
      if (ClusterObjects.conflict(e) || e.kind() == ErrorKind.NOT_FOUND) {
        lost = e;
      } // Otherwise the server does not answer; whoever needs it will notice.
    }
  }

  /**
   * Checks that no other run has taken over meanwhile.
   *
   * @throws ClusterObjectUnusable if one has: then nothing of the volume's objects is ours any more
   */
  void requireHeld() throws MoverException {
    MoverException failure = lost;
    if (failure != null) {
      throw ClusterObjectUnusable.conflict(
          "another run has taken over Lease " + name + ": " + failure.getMessage(),
          "this process stood still for too long; run the command again",
          failure);
    }
  }

  boolean held() {
    return lost == null;
  }

  /** For objects that go when the Lease goes. */
  synchronized Map<String, Object> owner() {
    return Map.of(
        "apiVersion",
        ObjectKind.LEASE.apiVersion(),
        "kind",
        ObjectKind.LEASE.kind(),
        "name",
        name.name(),
        "uid",
        current.uid());
  }

  /** Gives the Lease back; what it owns goes with it. */
  void release() throws MoverException {
    close();
    if (held()) {
      objects.delete(ObjectKind.LEASE, name.namespace(), current);
    }
  }

  /** Stops renewing. */
  @Override
  public void close() {
    renewal.interrupt();
    boolean interrupted = false;
    while (renewal.isAlive()) {
      try {
        renewal.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
