package io.blockmover.cli;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.cbt.k8s.serve.ServedSnapshots;
import io.blockmover.engine.fetch.HeldBackup;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.SnapshotFacts;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.map.MapTracker;
import io.blockmover.repository.session.SessionKind;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells of VolumeSnapshots what their backups know; each request looks at the repository anew. */
final class ServedBackups implements ServedSnapshots {

  private final OpenRepository open;
  private final DriverSnapshots snapshots;
  private final RecordedSnapshots recorded;

  /**
   * @param driver whose snapshots to tell of
   * @param warnings told of what is passed over
   */
  ServedBackups(OpenRepository open, Cluster cluster, String driver, Consumer<String> warnings) {
    this.open = open;
    this.snapshots = new DriverSnapshots(cluster, driver);
    this.recorded = new RecordedSnapshots(open, warnings);
  }

  @Override
  public ServedSnapshot open(String namespace, String name) throws MoverException {
    SnapshotFacts facts = snapshots.load(namespace, name);
    FoundBackup backup =
        recorded
            .find(snapshots.driver(), facts.volumeHandle(), facts.handle())
            .orElseThrow(
                () ->
                    new TrackingUnavailable(
                        "the repository has no backup of VolumeSnapshot " + facts.name(),
                        "back it up: mover backup DEVICE --snapshot " + facts.name()));
    return new Served(facts.volumeHandle(), hold(backup));
  }

  /** Pins a backup: forgotten meanwhile, its map stays. */
  private HeldBackup hold(FoundBackup backup) throws MoverException {
    HeldBackup held = HeldBackup.open(open.repository(), SessionKind.VERIFY, backup);
    if (!held.manifest().badBlocks().isEmpty()) {
      held.close();
      throw new TrackingUnavailable(
          "backup %s lacks blocks that could not be read: it cannot say what is the same"
              .formatted(backup.row().id()),
          "");
    }
    return held;
  }

  private LayeredMap map(HeldBackup backup) {
    return new LayeredMap(
        open.repository().metadata(), backup.manifest().map(), backup.manifest().volumeBytes());
  }

  private final class Served implements ServedSnapshot {
    private final String volumeHandle;
    private final HeldBackup target;
    private @Nullable HeldBackup base;

    Served(String volumeHandle, HeldBackup target) {
      this.volumeHandle = volumeHandle;
      this.target = target;
    }

    @Override
    public ChangeTracker tracker() {
      return new MapTracker(map(target), this::load);
    }

    private LayeredMap load(ChangeId id) throws MoverException {
      HeldBackup held = base;
      if (held == null) {
        held = hold(findBase(volumeHandle, id.value()));
        base = held;
      }
      return map(held);
    }

    @Override
    public long sizeBytes() {
      return target.manifest().volumeBytes();
    }

    @Override
    public ChangeId base(String id) {
      return new ChangeId(id);
    }

    @Override
    public void close() {
      target.close();
      if (base != null) {
        base.close();
      }
    }
  }

  private FoundBackup findBase(String volumeHandle, String handle) throws MoverException {
    return recorded
        .find(snapshots.driver(), volumeHandle, handle)
        .orElseThrow(
            () ->
                new BaseSnapshotMissing(
                    "the repository has no backup of a snapshot %s of volume %s"
                        .formatted(handle, volumeHandle),
                    ""));
  }
}
