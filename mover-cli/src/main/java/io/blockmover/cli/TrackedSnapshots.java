package io.blockmover.cli;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.cbt.k8s.serve.ServedSnapshots;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.SnapshotFacts;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of VolumeSnapshots what a tracker of this machine knows. What it does not know, since the
 * storage has lost a snapshot, is told from the maps of backups where there are such.
 */
final class TrackedSnapshots implements ServedSnapshots {

  private final ChangeTrackerProvider provider;
  private final DriverSnapshots snapshots;
  private final Optional<ServedSnapshots> backups;
  private final Consumer<String> warnings;

  /**
   * @param driver whose snapshots to tell of
   * @param backups asked where the tracker does not know
   * @param warnings told of each time that is so
   */
  TrackedSnapshots(
      ChangeTrackerProvider provider,
      Cluster cluster,
      String driver,
      Optional<ServedSnapshots> backups,
      Consumer<String> warnings) {
    this.provider = provider;
    this.snapshots = new DriverSnapshots(cluster, driver);
    this.backups = backups;
    this.warnings = warnings;
  }

  @Override
  public ServedSnapshot open(String namespace, String name) throws MoverException {
    SnapshotFacts facts = snapshots.load(namespace, name);
    SnapshotReference target = facts.reference();
    try {
      return new Served(facts.name(), target, open(target));
    } catch (TrackingUnavailable e) {
      if (backups.isEmpty()) {
        throw e;
      }
      warnings.accept(
          "VolumeSnapshot %s is told of from its backup: %s"
              .formatted(facts.name(), e.getMessage()));
      return instead(e, () -> backups.get().open(namespace, name));
    }
  }

  private ChangeTracker open(SnapshotReference of) throws MoverException {
    if (provider.applicability(of) instanceof Applicability.NotApplicable(String reason)) {
      throw new TrackingUnavailable(reason, "");
    }
    return provider.open(of);
  }

  private interface Second<T> {
    T ask() throws MoverException;
  }

  /** What the second way answers; if it fails as well, the first one's failure is what counts. */
  private static <T> T instead(MoverException first, Second<T> second) throws MoverException {
    try {
      return second.ask();
    } catch (MoverException e) {
      first.addSuppressed(e);
      throw first;
    }
  }

  private final class Served implements ServedSnapshot, ChangeTracker {
    private final ObjectName name;
    private final SnapshotReference target;
    private final ChangeTracker tracked;
    private @Nullable ServedSnapshot backup;

    Served(ObjectName name, SnapshotReference target, ChangeTracker tracked) {
      this.name = name;
      this.target = target;
      this.tracked = tracked;
    }

    @Override
    public ChangeTracker tracker() {
      return this;
    }

    @Override
    public long sizeBytes() {
      return target.sizeBytes();
    }

    @Override
    public ChangeId base(String id) {
      return new ChangeId(id);
    }

    @Override
    public ExtentQuality quality() {
      return tracked.quality();
    }

    @Override
    public Optional<ChangeId> changeId() {
      return tracked.changeId();
    }

    @Override
    public ExtentCursor allocated(long fromOffset) throws MoverException {
      return tracked.allocated(fromOffset);
    }

    /**
     * @param base the CSI handle of a snapshot
     */
    @Override
    public ExtentCursor changedSince(ChangeId base, long fromOffset) throws MoverException {
      try {
        return tracked.changedSince(recorded(base.value()), fromOffset);
      } catch (BaseSnapshotMissing | TrackingUnavailable e) {
        if (backups.isEmpty()) {
          throw e;
        }
        ExtentCursor changed = instead(e, () -> ofBackups(base.value(), fromOffset));
        warnings.accept(
            "what changed in VolumeSnapshot %s since %s is told from the maps of two backups: %s"
                .formatted(name, base.value(), e.getMessage()));
        return changed;
      }
    }

    /** What the tracker itself would have recorded of a snapshot of this volume. */
    private ChangeId recorded(String handle) throws MoverException {
      SnapshotReference base =
          new SnapshotReference(
              target.driver(), handle, target.volumeHandle(), 0, target.attributes());
      try (ChangeTracker asked = open(base)) {
        return asked
            .changeId()
            .orElseThrow(
                () ->
                    new BaseSnapshotMissing(
                        "snapshot %s is no base any more: the storage has cut it off from its volume"
                            .formatted(handle),
                        ""));
      }
    }

    private ExtentCursor ofBackups(String handle, long fromOffset) throws MoverException {
      ServedSnapshot held = backup;
      if (held == null) {
        held = backups.orElseThrow().open(name.namespace(), name.name());
        backup = held;
      }
      return held.tracker().changedSince(held.base(handle), fromOffset);
    }

    @Override
    public void close() {
      tracked.close();
      if (backup != null) {
        backup.close();
      }
    }
  }
}
