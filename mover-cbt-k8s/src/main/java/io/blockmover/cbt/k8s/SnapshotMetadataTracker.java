package io.blockmover.cbt.k8s;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.api.tracking.SnapshotReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What the CSI driver says about one VolumeSnapshot. */
final class SnapshotMetadataTracker implements ChangeTracker {

  private final SharedClients.Lease client;
  private final SnapshotReference target;
  private final String namespace;
  private final String snapshot;
  private final Map<MetadataQuery, AtomicReference<@Nullable StreamShape>> shapes =
      new ConcurrentHashMap<>();
  private final Set<ResumingCursor> cursors = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param client closed with this
   */
  SnapshotMetadataTracker(
      SharedClients.Lease client, SnapshotReference target, String namespace, String snapshot) {
    this.client = client;
    this.target = target;
    this.namespace = namespace;
    this.snapshot = snapshot;
  }

  @Override
  public ExtentQuality quality() {
    return ExtentQuality.EXACT;
  }

  @Override
  public Optional<ChangeId> changeId() {
    return CsiChangeId.of(target).map(CsiChangeId::encoded);
  }

  @Override
  public ExtentCursor allocated(long fromOffset) throws MoverException {
    return open(new MetadataQuery.Allocated(namespace, snapshot), fromOffset, target.sizeBytes());
  }

  @Override
  public ExtentCursor changedSince(ChangeId base, long fromOffset) throws MoverException {
    CsiChangeId recorded =
        CsiChangeId.parse(base)
            .orElseThrow(
                () ->
                    new BaseSnapshotMissing(
                        "'" + base.value() + "' is no change id of a CSI snapshot", ""));
    Optional<String> mismatch = recorded.mismatch(target);
    if (mismatch.isPresent()) {
      throw new BaseSnapshotMissing(mismatch.get(), "");
    }
    if (recorded.id().equals(CsiChangeId.of(target).map(CsiChangeId::id).orElse(null))) {
      return ExtentCursor.of(List.of()); // the same snapshot again
    }
    return open(
        new MetadataQuery.Delta(namespace, snapshot, recorded.id()),
        fromOffset,
        recorded.sizeBytes() < 0 ? target.sizeBytes() : recorded.sizeBytes());
  }

  private ExtentCursor open(MetadataQuery query, long fromOffset, long knownTo)
      throws MoverException {
    if (fromOffset < 0) {
      throw new IllegalArgumentException("offset is " + fromOffset);
    }
    if (fromOffset >= target.sizeBytes()) {
      return ExtentCursor.of(List.of());
    }
    ResumingCursor cursor =
        new ResumingCursor(
            client.client(),
            query,
            shapes.computeIfAbsent(query, _ -> new AtomicReference<>()),
            fromOffset,
            knownTo,
            target.sizeBytes(),
            cursors::remove);
    cursors.add(cursor);
    try {
      if (closed) {
        throw new TrackingUnavailable("the tracker is closed", "");
      }
      cursor.begin();
      return cursor;
    } catch (MoverException | RuntimeException e) {
      cursor.close();
      throw e;
    }
  }

  @Override
  public void close() {
    closed = true;
    cursors.forEach(ResumingCursor::close);
    client.close();
  }
}
