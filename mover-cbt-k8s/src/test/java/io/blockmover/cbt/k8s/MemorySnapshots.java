package io.blockmover.cbt.k8s;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.Extent;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.cbt.k8s.serve.ServedSnapshots;
import io.blockmover.kubernetes.SnapshotAttributes;
import io.blockmover.testkit.Extents;
import io.blockmover.testkit.MemoryTrackedVolume;
import io.blockmover.testkit.TrackedVolume;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Snapshots in memory, told of to the byte; base ids are {@code handle-NAME}. */
final class MemorySnapshots implements ServedSnapshots {

  final Map<String, byte[]> contents = new ConcurrentHashMap<>();
  private int numbers;

  TrackedVolume createVolume(long sizeBytes) {
    return new MemoryTrackedVolume(sizeBytes) {
      @Override
      public SnapshotReference snapshot() {
        String name = "snap-" + ++numbers;
        contents.put(name, content());
        return SidecarTest.snapshot(name, sizeBytes(), numbers);
      }

      @Override
      public void delete(SnapshotReference snapshot) {
        contents.remove(snapshot.attributes().get(SnapshotAttributes.SNAPSHOT));
      }
    };
  }

  @Override
  public ServedSnapshot open(String namespace, String name) throws TrackingUnavailable {
    byte[] content = contents.get(name);
    if (content == null) {
      throw new TrackingUnavailable("nothing is known about " + namespace + "/" + name, "");
    }
    return new ServedSnapshot() {
      @Override
      public ChangeTracker tracker() {
        return new Tracker(content);
      }

      @Override
      public long sizeBytes() {
        return content.length;
      }

      @Override
      public ChangeId base(String id) {
        return new ChangeId(id.replace("handle-", ""));
      }

      @Override
      public void close() {}
    };
  }

  private final class Tracker implements ChangeTracker {
    private final byte[] content;

    Tracker(byte[] content) {
      this.content = content;
    }

    @Override
    public ExtentQuality quality() {
      return ExtentQuality.EXACT;
    }

    @Override
    public Optional<ChangeId> changeId() {
      return Optional.empty();
    }

    @Override
    public ExtentCursor allocated(long fromOffset) {
      return from(Extents.nonZero(content), fromOffset);
    }

    @Override
    public ExtentCursor changedSince(ChangeId base, long fromOffset) throws BaseSnapshotMissing {
      byte[] old = contents.get(base.value());
      if (old == null) {
        throw new BaseSnapshotMissing("base " + base.value() + " is not known", "");
      }
      return from(Extents.differing(old, content), fromOffset);
    }

    private static ExtentCursor from(List<Extent> all, long offset) {
      return ExtentCursor.of(Extents.clip(all, Extent.between(offset, Long.MAX_VALUE)));
    }

    @Override
    public void close() {}
  }
}
