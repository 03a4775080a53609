package io.blockmover.ceph.rbd.tracking;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingInterrupted;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.ceph.rbd.DeltaObstacle;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.LocatedSnapshot.Lineage;
import io.blockmover.ceph.rbd.OpenSnapshot;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.DiffMode;
import io.blockmover.ceph.rbd.librbd.DiffQuery;
import io.blockmover.ceph.rbd.librbd.ImageSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What librbd says of one snapshot. */
final class CephRbdTracker implements ChangeTracker {

  private static final Logger LOG = LoggerFactory.getLogger(CephRbdTracker.class);

  /** Connects again and finds the snapshot again. */
  interface Reopening {
    OpenSnapshot open() throws MoverException;
  }

  private final CephLibrary library;
  private final Reopening reopening;
  private final DiffOptions options;
  private final DiffMeters meters;
  private final Set<ExtentCursor> cursors = ConcurrentHashMap.newKeySet();
  private final long sizeBytes;
  private final int cloneDepth;
  private final boolean isClone;
  private final int deepest;
  private final long sliceBytes;
  private OpenSnapshot open;
  private boolean useless;
  private boolean closed;

  private CephRbdTracker(
      CephLibrary library,
      Reopening reopening,
      DiffOptions options,
      DiffMeters meters,
      OpenSnapshot open,
      ImageHistory history,
      ImageSnapshot target,
      Volume volume,
      int deepest) {
    this.library = library;
    this.reopening = reopening;
    this.options = options;
    this.meters = meters;
    this.open = open;
    this.sizeBytes = target.sizeBytes();
    this.isClone = volume.isClone();
    this.cloneDepth = volume.cloneDepth();
    this.deepest = deepest;
    this.sliceBytes = history.objectBytes() * history.stripeCount() * options.objectsPerSlice();
  }

  /** The image that the snapshot was taken of. */
  private record Volume(boolean isClone, int cloneDepth) {}

  /**
   * Opens what the reopening opens for the first time.
   *
   * @param deepest of volumes that are deeper clones no changes are told
   */
  static CephRbdTracker open(
      CephLibrary library, Reopening reopening, DiffOptions options, DiffMeters meters, int deepest)
      throws MoverException {
    OpenSnapshot open = reopening.open();
    try {
      ImageIdentity data = open.snapshot().data();
      Optional<ImageHistory> history = ImageHistory.read(open.connection(), data);
      Optional<ImageSnapshot> target = history.flatMap(it -> it.snapshot(data.snapshotId()));
      if (target.isEmpty()) {
        throw new TrackingUnavailable(
            "there is no snapshot " + data + " any more", "take another, and back that up");
      }
      return new CephRbdTracker(
          library,
          reopening,
          options,
          meters,
          open,
          history.orElseThrow(),
          target.get(),
          volume(open, meters),
          deepest);
    } catch (CephFailure e) {
      open.close();
      throw e.asTrackingFailure();
    } catch (MoverException | RuntimeException e) {
      open.close();
      throw e;
    }
  }

  private static Volume volume(OpenSnapshot open, DiffMeters meters) throws CephFailure {
    if (!(open.snapshot().lineage() instanceof Lineage.Known(ImageIdentity own))) {
      meters.flattened();
      return new Volume(false, 0);
    }
    // A restored volume is a clone; few others are, and they cost one look.
    boolean clone =
        ImageHistory.read(open.connection(), own).filter(ImageHistory::isClone).isPresent();
    int depth = clone ? CloneDepth.of(open.connection(), own) : 0;
    meters.cloneDepth(depth);
    return new Volume(clone, depth);
  }

  @Override
  public ExtentQuality quality() {
    return options.mode() == DiffMode.EXACT ? ExtentQuality.EXACT : ExtentQuality.COARSE;
  }

  @Override
  public synchronized Optional<ChangeId> changeId() {
    return open.snapshot().lineage() instanceof Lineage.Known(ImageIdentity snapshot)
        ? Optional.of(new RbdChangeId(snapshot, sizeBytes, isClone).encoded())
        : Optional.empty();
  }

  @Override
  public synchronized ExtentCursor allocated(long fromOffset) throws MoverException {
    return asked(
        fromOffset,
        connection -> {
          ImageIdentity data = open.snapshot().data();
          // An old librbd is wrong about whole objects, and what is not listed counts as zeros.
          DiffMode mode = library.whyNoDiffById().isPresent() ? DiffMode.EXACT : options.mode();
          return diff(connection, data, DiffQuery.BEGINNING, sizeBytes, fromOffset, mode);
        });
  }

  @Override
  public synchronized ExtentCursor changedSince(ChangeId base, long fromOffset)
      throws MoverException {
    RbdChangeId recorded =
        RbdChangeId.parse(base)
            .orElseThrow(
                () ->
                    new BaseSnapshotMissing(
                        "'" + base.value() + "' is no change id of an RBD snapshot", ""));
    return asked(fromOffset, connection -> delta(connection, recorded, fromOffset));
  }

  private ExtentCursor delta(ClusterConnection connection, RbdChangeId recorded, long fromOffset)
      throws CephFailure, MoverException {
    if (cloneDepth > deepest) {
      meters.fellBack(DeltaObstacle.DEEP_CLONE);
      throw Obstructed.by(
          DeltaObstacle.DEEP_CLONE,
          "the volume is a clone of depth %d, and the rule follows none above %d: ceph-csi flattens such, and then there is no delta"
              .formatted(cloneDepth, deepest));
    }
    DeltaPlan plan =
        new DeltaPlan.Search(library, connection, open.snapshot()).since(recorded, meters);
    if (plan.base().id() == plan.target().id()) {
      return ExtentCursor.of(List.of());
    }
    meters.snapshots(plan.history().snapshots());
    if (plan.wasFlattened()) {
      LOG.info("{} was flattened since the last backup", plan.identity().volume());
    }
    meters.baseAge(plan.baseAge());
    ExtentCursor changed =
        diff(
            connection,
            plan.identity(),
            plan.base().id(),
            plan.commonBytes(),
            fromOffset,
            mode(connection, plan));
    return new GrownExtents(changed, plan.commonBytes(), sizeBytes, fromOffset);
  }

  private DiffMode mode(ClusterConnection connection, DeltaPlan plan) throws CephFailure {
    if (options.mode() == DiffMode.EXACT) {
      return DiffMode.EXACT;
    }
    Optional<ModeChoice.Against> against = new ModeChoice(library, connection).against(plan);
    if (against.isEmpty()) {
      return DiffMode.WHOLE_OBJECT;
    }
    meters.fellBack(against.get().reason());
    LOG.warn(
        "Asked exactly, not by whole objects: {} ({})",
        against.get().sentence(),
        against.get().reason().label());
    return DiffMode.EXACT;
  }

  private ExtentCursor diff(
      ClusterConnection connection,
      ImageIdentity target,
      long base,
      long end,
      long from,
      DiffMode mode)
      throws CephFailure {
    if (from >= end) {
      return ExtentCursor.of(List.of());
    }
    Extent range = Extent.between(from, end);
    int parallel = (int) Math.min(options.parallel(), Math.ceilDiv(end - from, sliceBytes));
    SlicedDiff diff =
        new SlicedDiff(
            new DiffTeam(connection, target, parallel),
            new SlicedDiff.Plan(base, range, mode, sliceBytes, options.extentsPerSlice()),
            () -> requireStillThere(connection, target, base),
            (failure, resumeOffset) -> failed(connection, failure, resumeOffset),
            parallel + 1);
    return new WatchedCursor(diff, meters.diff(base != DiffQuery.BEGINNING, mode), cursors);
  }

  /** Opens the image anew, for those that are open would not notice. */
  private void requireStillThere(ClusterConnection connection, ImageIdentity target, long base)
      throws CephFailure, MoverException {
    Optional<ImageHistory> history = ImageHistory.read(connection, target);
    boolean targetThere = history.flatMap(it -> it.snapshot(target.snapshotId())).isPresent();
    boolean baseThere =
        base == DiffQuery.BEGINNING || history.flatMap(it -> it.snapshot(base)).isPresent();
    if (!targetThere || !baseThere) {
      meters.fellBack(DeltaObstacle.VANISHED_MEANWHILE);
      throw Obstructed.by(
          DeltaObstacle.VANISHED_MEANWHILE,
          "snapshot %s went away while it was asked"
              .formatted(targetThere ? Long.toString(base) : target.toString()));
    }
  }

  private MoverException failed(
      ClusterConnection connection, CephFailure failure, long resumeOffset) {
    return switch (failure.errno()) {
      case BLOCKLISTED, NOT_CONNECTED -> {
        meters.fellBack(DeltaObstacle.BLOCKLISTED);
        markUseless(connection);
        yield new TrackingInterrupted(failure.getMessage(), resumeOffset, failure);
      }
      case GONE -> {
        meters.fellBack(DeltaObstacle.VANISHED_MEANWHILE);
        yield Obstructed.by(DeltaObstacle.VANISHED_MEANWHILE, failure.getMessage());
      }
      default -> failure.asTrackingFailure();
    };
  }

  private synchronized void markUseless(ClusterConnection connection) {
    useless |= open.connection() == connection;
  }

  private interface Question {
    ExtentCursor ask(ClusterConnection connection) throws CephFailure, MoverException;
  }

  private ExtentCursor asked(long fromOffset, Question question) throws MoverException {
    if (fromOffset < 0) {
      throw new IllegalArgumentException("offset is " + fromOffset);
    }
    if (closed) {
      throw new TrackingUnavailable("the tracker is closed", "");
    }
    if (useless) {
      OpenSnapshot next = reopening.open();
      cursors.forEach(ExtentCursor::close);
      open.close();
      open = next;
      useless = false;
    }
    try {
      return question.ask(open.connection());
    } catch (CephFailure e) {
      throw failed(open.connection(), e, fromOffset);
    }
  }

  @Override
  public void close() {
    cursors.forEach(ExtentCursor::close);
    synchronized (this) {
      if (!closed) {
        closed = true;
        open.close();
      }
    }
  }
}
