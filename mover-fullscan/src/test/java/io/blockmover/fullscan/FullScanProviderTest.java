package io.blockmover.fullscan;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.testkit.Extents;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class FullScanProviderTest {

  private static final SnapshotReference VOLUME =
      new SnapshotReference("file", "", "disk.img", 1000, Map.of());

  private final ChangeTrackerProvider provider = new FullScanProvider();

  @Test
  void theServiceLoaderFindsItByName() {
    assertThat(ServiceLoader.load(ChangeTrackerProvider.class))
        .extracting(ChangeTrackerProvider::name)
        .containsExactly("full-scan");
  }

  @Test
  void itAppliesToEverything() {
    assertThat(provider.applicability(VOLUME)).isInstanceOf(Applicability.Applicable.class);
  }

  @Test
  void everythingIsACandidateFromAnyOffsetAndSinceAnyBase() throws Exception {
    try (ChangeTracker tracker = provider.open(VOLUME)) {
      assertThat(tracker.quality()).isEqualTo(ExtentQuality.CANDIDATE);
      assertThat(tracker.changeId()).isEmpty();
      assertThat(Extents.drain(tracker.allocated(0))).containsExactly(new Extent(0, 1000));
      assertThat(Extents.drain(tracker.changedSince(new ChangeId("any"), 999)))
          .containsExactly(new Extent(999, 1));
      assertThat(Extents.drain(tracker.allocated(1000))).isEmpty();
    }
  }

  @Test
  void anEmptyVolumeHasNoExtent() throws Exception {
    SnapshotReference empty = new SnapshotReference("file", "", "empty.img", 0, Map.of());
    try (ChangeTracker tracker = provider.open(empty)) {
      assertThat(Extents.drain(tracker.allocated(0))).isEmpty();
    }
  }
}
