package io.blockmover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.Extent;
import io.blockmover.api.TrackingInterrupted;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeChangeTrackerTest {

  private final FakeChangeTracker tracker =
      new FakeChangeTracker(ExtentQuality.EXACT, "now")
          .withChanges("base", List.of(new Extent(0, 10), new Extent(20, 10)));

  @Test
  void itSaysWhatItWasToldFromAnyOffset() throws Exception {
    assertThat(Extents.drain(tracker.changedSince(new ChangeId("base"), 5)))
        .containsExactly(new Extent(5, 5), new Extent(20, 10));
    assertThatThrownBy(() -> tracker.changedSince(new ChangeId("other"), 0))
        .isInstanceOf(BaseSnapshotMissing.class);
    assertThatThrownBy(() -> tracker.allocated(0)).isInstanceOf(TrackingUnavailable.class);
    assertThat(tracker.queries()).isEqualTo(3);
  }

  @Test
  void aBrokenStreamNamesWhereToGoOn() throws Exception {
    tracker.breakingAt(25);
    try (ExtentCursor cursor = tracker.changedSince(new ChangeId("base"), 0)) {
      assertThat(cursor.next()).isEqualTo(new Extent(0, 10));
      assertThatThrownBy(cursor::next)
          .isInstanceOfSatisfying(
              TrackingInterrupted.class, e -> assertThat(e.resumeOffset()).isEqualTo(20));
    }
    assertThat(Extents.drain(tracker.changedSince(new ChangeId("base"), 20)))
        .containsExactly(new Extent(20, 10));
  }
}
