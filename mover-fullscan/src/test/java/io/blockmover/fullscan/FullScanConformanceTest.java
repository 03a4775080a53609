package io.blockmover.fullscan;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.testkit.ChangeTrackerConformance;
import io.blockmover.testkit.TrackedVolume;
import java.util.Map;

class FullScanConformanceTest extends ChangeTrackerConformance {

  @Override
  protected TrackedVolume createVolume(long sizeBytes) {
    return new VolumeOfNoInterest(sizeBytes);
  }

  @Override
  protected ChangeTrackerProvider provider() {
    return new FullScanProvider();
  }

  /** The full scan asks for nothing but the size. */
  private static final class VolumeOfNoInterest implements TrackedVolume {
    private long sizeBytes;

    VolumeOfNoInterest(long sizeBytes) {
      this.sizeBytes = sizeBytes;
    }

    @Override
    public void write(long offset, byte[] bytes) {}

    @Override
    public void discard(Extent extent) {}

    @Override
    public void grow(long newSizeBytes) {
      sizeBytes = newSizeBytes;
    }

    @Override
    public SnapshotReference snapshot() {
      return new SnapshotReference("file", "", "disk.img", sizeBytes, Map.of());
    }

    @Override
    public void delete(SnapshotReference snapshot) {}

    @Override
    public void close() {}
  }
}
