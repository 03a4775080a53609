package io.blockmover.engine.copy;

import io.blockmover.api.BackupNotFound;
import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.engine.fetch.HeldBackup;
import io.blockmover.repository.Repository;
import io.blockmover.repository.catalogue.BackupFinder;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.manifest.BadBlock;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.map.MapTracker;
import io.blockmover.repository.session.SessionKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells from the maps of one repository what a copy of a backup needs. */
final class MapTrackerProvider implements ChangeTrackerProvider {

  private static final String NAME = "copy";

  private final Repository repository;
  private final FoundBackup backup;

  /**
   * @param backup that is copied, and held by whoever copies it
   */
  MapTrackerProvider(Repository repository, FoundBackup backup) {
    this.repository = repository;
    this.backup = backup;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Applicability applicability(SnapshotReference target) {
    return new Applicability.Applicable();
  }

  @Override
  public ChangeTracker open(SnapshotReference target) throws MoverException {
    HeldBackup held = HeldBackup.open(repository, SessionKind.RESTORE, backup);
    return new HeldMaps(held);
  }

  private LayeredMap map(HeldBackup held) {
    Manifest manifest = held.manifest();
    return new LayeredMap(repository.metadata(), manifest.map(), manifest.volumeBytes());
  }

  /** The maps of the backup and of the bases that it is compared with, held until it is closed. */
  private final class HeldMaps implements ChangeTracker {

    private final HeldBackup target;
    private final List<HeldBackup> bases = new ArrayList<>();
    private final MapTracker maps;

    HeldMaps(HeldBackup target) {
      this.target = target;
      this.maps = new MapTracker(map(target), this::base);
    }

    private synchronized LayeredMap base(ChangeId base) throws MoverException {
      try {
        FoundBackup found = new BackupFinder(repository).find(base.value());
        if (!found.volume().equals(backup.volume())) {
          throw new BaseSnapshotMissing(
              "backup " + base.value() + " is of another volume, " + found.volume(), "");
        }
        HeldBackup held = HeldBackup.open(repository, SessionKind.RESTORE, found);
        bases.add(held);
        return map(held);
      } catch (BackupNotFound e) {
        throw new BaseSnapshotMissing(
            "the backup that was copied last, " + base.value() + ", was forgotten", "", e);
      }
    }

    @Override
    public ExtentQuality quality() {
      return maps.quality();
    }

    @Override
    public Optional<ChangeId> changeId() {
      return Optional.of(new ChangeId(backup.row().id()));
    }

    @Override
    public ExtentCursor allocated(long fromOffset) throws MoverException {
      return withBadBlocks(maps.allocated(fromOffset), fromOffset);
    }

    @Override
    public ExtentCursor changedSince(ChangeId base, long fromOffset) throws MoverException {
      return withBadBlocks(maps.changedSince(base, fromOffset), fromOffset);
    }

    /** A place that could not be read is zeros in the map, and more than that: see StoredVolume. */
    private synchronized ExtentCursor withBadBlocks(ExtentCursor extents, long fromOffset) {
      List<Extent> bad =
          Stream.concat(Stream.of(target), bases.stream())
              .flatMap(held -> held.manifest().badBlocks().stream())
              .map(block -> clipped(block, fromOffset))
              .flatMap(Optional::stream)
              .sorted(Comparator.comparingLong(Extent::offset))
              .toList();
      return new ExtentUnion(extents, ExtentCursor.of(bad));
    }

    /** The part of it that lies in the volume as it is now. */
    private Optional<Extent> clipped(BadBlock block, long fromOffset) {
      long start = Math.max(block.offset(), fromOffset);
      long end = Math.min(block.offset() + block.length(), target.manifest().volumeBytes());
      return start < end ? Optional.of(Extent.between(start, end)) : Optional.empty();
    }

    @Override
    public synchronized void close() {
      maps.close();
      bases.forEach(HeldBackup::close);
      bases.clear();
      target.close();
    }
  }
}
