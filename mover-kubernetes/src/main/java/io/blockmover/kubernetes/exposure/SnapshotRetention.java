package io.blockmover.kubernetes.exposure;

import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which of the snapshots that the runs on a volume took stay: after a backup at most one, its own.
 * Where nobody knows whether there is a backup, what it would be the base of stays until the next.
 */
final class SnapshotRetention {

  /** What became of a run. */
  enum Result {
    /** There is a backup. */
    BACKED_UP,
    /** There is none. */
    NONE,
    /** Nobody knows. */
    UNKNOWN
  }

  private final Cluster cluster;
  private final KeptSnapshot kept;
  private final Predicate<String> needsBase;
  private final Watch watch;
  private boolean keepsOwn;

  /**
   * @param needsBase whether a driver's snapshot is needed whatever service it offers
   */
  SnapshotRetention(Cluster cluster, KeptSnapshot kept, Predicate<String> needsBase, Watch watch) {
    this.cluster = cluster;
    this.kept = kept;
    this.needsBase = needsBase;
    this.watch = watch;
    this.keepsOwn = kept != KeptSnapshot.NEVER;
  }

  /** Before a run: removes what dead runs left and no backup can be based on. */
  void begin(OwnObjects own) throws MoverException {
    if (kept == KeptSnapshot.NEVER) {
      own.removeTakenSnapshots();
    } else {
      own.removeUselessSnapshots();
    }
  }

  /** When the run's snapshot is there: finds out whether its driver needs it later. */
  void decide(String driver) throws Cancelled {
    keepsOwn =
        switch (kept) {
          case ALWAYS -> true;
          case NEVER -> false;
          case WHERE_NEEDED -> needsBase.test(driver) || needed(driver);
        };
  }

  private boolean needed(String driver) throws Cancelled {
    try {
      return cluster.metadataServices().keepsBase(driver);
    } catch (Cancelled e) {
      throw e;
    } catch (MoverException e) {
      watch.step("the snapshot is kept, as it may be needed: " + e.getMessage());
      return true; // It can be deleted later, but not taken again.
    }
  }

  /**
   * After a run: removes what is not kept.
   *
   * @param snapshot the run's own
   */
  void end(OwnObjects own, ObjectName snapshot, Result result) throws MoverException {
    switch (result) {
      case BACKED_UP -> {
        if (keepsOwn) {
          cluster
              .objects()
              .patch(
                  ObjectKind.SNAPSHOT,
                  snapshot.namespace(),
                  snapshot.name(),
                  Map.of("metadata", Map.of("labels", Map.of(RunLabels.ROLE, RunLabels.BASE))));
        }
        own.removeOtherSnapshots();
        if (!keepsOwn) {
          own.removeOwnSnapshot();
        }
      }
      case NONE -> own.removeOwnSnapshot();
      case UNKNOWN -> {
        if (kept == KeptSnapshot.NEVER) {
          own.removeOwnSnapshot();
        } // Otherwise it may be the next one's base.
      }
    }
  }
}
