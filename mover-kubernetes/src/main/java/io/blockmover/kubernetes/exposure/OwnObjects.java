package io.blockmover.kubernetes.exposure;

import io.blockmover.api.ClusterUnavailable;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The objects of all runs on one volume, and their removal in the order that storage wants: pods,
 * claims, snapshots. Each is waited for: a claim whose pod still runs, or a snapshot whose claim is
 * still being made, would hold on to the storage's volume.
 */
final class OwnObjects {

  private final ClusterObjects objects;
  private final String namespace;
  private final RunLabels labels;
  private final Pace pace;
  private final Watch watch;

  OwnObjects(ClusterObjects objects, String namespace, RunLabels labels, Pace pace, Watch watch) {
    this.objects = objects;
    this.namespace = namespace;
    this.labels = labels;
    this.pace = pace;
    this.watch = watch;
  }

  /** The same, which goes on when the user wants no more. */
  OwnObjects uninterrupted() {
    Watch patient =
        new Watch() {
          @Override
          public void step(String what) {
            watch.step(what);
          }

          @Override
          public void line(String line) {
            watch.line(line);
          }

          @Override
          public void check() {}
        };
    return new OwnObjects(objects, namespace, labels, pace, patient);
  }

  /** Removes pods and claims: of this run, or of all others. */
  void removeExposed(boolean own) throws MoverException {
    remove(ObjectKind.POD, object -> own == isOwn(object));
    remove(ObjectKind.CLAIM, object -> own == isOwn(object));
  }

  /**
   * Removes snapshots of dead runs that no backup can be based on. The newest that was ready may be
   * the base of a backup that was committed just before its run died: it stays until the next
   * backup.
   */
  void removeUselessSnapshots() throws MoverException {
    Optional<ClusterObject> candidate =
        objects.list(ObjectKind.SNAPSHOT, namespace, labels.all()).stream()
            .filter(snapshot -> !isOwn(snapshot))
            .filter(snapshot -> snapshot.flag("status", "readyToUse").orElse(false))
            .filter(snapshot -> role(snapshot).equals(RunLabels.TAKEN))
            .max(
                Comparator.comparing(
                    (ClusterObject snapshot) ->
                        snapshot.text("status", "creationTime").orElse("")));
    String kept = candidate.map(ClusterObject::uid).orElse("");
    remove(
        ObjectKind.SNAPSHOT,
        snapshot ->
            !isOwn(snapshot)
                && role(snapshot).equals(RunLabels.TAKEN)
                && !snapshot.uid().equals(kept));
  }

  /** Removes all snapshots of dead runs but bases. */
  void removeTakenSnapshots() throws MoverException {
    remove(
        ObjectKind.SNAPSHOT,
        snapshot -> !isOwn(snapshot) && role(snapshot).equals(RunLabels.TAKEN));
  }

  /** Removes this run's snapshot. */
  void removeOwnSnapshot() throws MoverException {
    remove(ObjectKind.SNAPSHOT, this::isOwn);
  }

  /** Removes the snapshots of all other runs, bases too. */
  void removeOtherSnapshots() throws MoverException {
    remove(ObjectKind.SNAPSHOT, snapshot -> !isOwn(snapshot));
  }

  private boolean isOwn(ClusterObject object) {
    return labels.run().equals(object.labels().get(RunLabels.RUN));
  }

  private static String role(ClusterObject snapshot) {
    return snapshot.labels().getOrDefault(RunLabels.ROLE, "");
  }

  private void remove(ObjectKind kind, Predicate<ClusterObject> which) throws MoverException {
    List<ClusterObject> doomed =
        objects.list(kind, namespace, labels.all()).stream().filter(which).toList();
    for (ClusterObject object : doomed) {
      objects.delete(kind, namespace, object);
    }
    for (ClusterObject object : doomed) {
      awaitGone(kind, object);
    }
  }

  private void awaitGone(ObjectKind kind, ClusterObject object) throws MoverException {
    ObjectName name = new ObjectName(namespace, object.name());
    long end = System.nanoTime() + pace.step().toNanos();
    while (objects.find(kind, name).filter(found -> found.uid().equals(object.uid())).isPresent()) {
      if (System.nanoTime() > end) {
        throw new ClusterUnavailable(
            "%s %s does not go away".formatted(kind.kind(), name),
            "kubectl describe -n %s %s %s"
                .formatted(namespace, kind.kind().toLowerCase(Locale.ROOT), object.name()),
            null);
      }
      watch.pause(pace);
    }
  }
}
