package io.blockmover.testkit;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Volumes in memory with a correct tracker: tracks blocks of 4 KiB, as many arrays do. */
final class MemoryTrackedVolumes implements ChangeTrackerProvider {

  private static final int BLOCK_BYTES = 4096;

  private final Map<Integer, byte[]> snapshots = new TreeMap<>();
  private int numbers;

  TrackedVolume createVolume(long sizeBytes) {
    return new Volume(sizeBytes);
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Applicability applicability(SnapshotReference target) {
    return new Applicability.Applicable();
  }

  @Override
  public ChangeTracker open(SnapshotReference target) {
    return new Tracker(Integer.parseInt(target.handle()));
  }

  private static List<Extent> blocks(List<Extent> extents, long size) {
    List<Extent> blocks = new ArrayList<>();
    for (Extent extent : extents) {
      long start = extent.offset() / BLOCK_BYTES * BLOCK_BYTES;
      long end = Math.min(size, (extent.end() + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES);
      Extent last = blocks.isEmpty() ? null : blocks.getLast();
      if (last != null && start <= last.end()) {
        blocks.set(blocks.size() - 1, Extent.between(last.offset(), Math.max(end, last.end())));
      } else {
        blocks.add(Extent.between(start, end));
      }
    }
    return blocks;
  }

  private final class Volume extends MemoryTrackedVolume {
    Volume(long sizeBytes) {
      super(sizeBytes);
    }

    @Override
    public SnapshotReference snapshot() {
      snapshots.put(++numbers, content());
      return new SnapshotReference(
          "memory", Integer.toString(numbers), "volume", sizeBytes(), Map.of());
    }

    @Override
    public void delete(SnapshotReference snapshot) {
      snapshots.remove(Integer.parseInt(snapshot.handle()));
    }
  }

  private final class Tracker implements ChangeTracker {
    private final int number;

    Tracker(int number) {
      this.number = number;
    }

    @Override
    public ExtentQuality quality() {
      return ExtentQuality.COARSE;
    }

    @Override
    public Optional<ChangeId> changeId() {
      return Optional.of(new ChangeId("memory-" + number));
    }

    @Override
    public ExtentCursor allocated(long fromOffset) {
      return answer(Extents.nonZero(content()), fromOffset);
    }

    @Override
    public ExtentCursor changedSince(ChangeId base, long fromOffset) throws MoverException {
      byte[] old = null;
      for (Map.Entry<Integer, byte[]> snapshot : snapshots.entrySet()) {
        if (base.value().equals("memory-" + snapshot.getKey()) && snapshot.getKey() <= number) {
          old = snapshot.getValue();
        }
      }
      if (old == null) {
        throw new BaseSnapshotMissing(base.value() + " is not known", "");
      }
      return answer(Extents.differing(old, content()), fromOffset);
    }

    @Override
    public void close() {}

    private byte[] content() {
      byte @Nullable [] content = snapshots.get(number);
      if (content == null) {
        throw new IllegalStateException("deleted");
      }
      return content;
    }

    private ExtentCursor answer(List<Extent> extents, long fromOffset) {
      List<Extent> blocks = blocks(extents, content().length);
      return ExtentCursor.of(Extents.clip(blocks, Extent.between(fromOffset, Long.MAX_VALUE)));
    }
  }
}
