package io.blockmover.cbt.k8s;

import static io.blockmover.cbt.k8s.SidecarReply.Message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.testkit.Extents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many at once, what is counted, and what the provider says of itself. */
class SharingTest extends SidecarTest {

  @Test
  void volumesAreListedInParallelOverOneConnection() throws Exception {
    sidecar.answering(
        request ->
            SidecarReply.ok(Message.of(SIZE, Long.parseLong(request.snapshot()) * KIB4, KIB4)));
    SnapshotMetadataProvider provider = provider();
    try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
      List<Future<List<Extent>>> lists = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        SnapshotReference target = snapshot(Integer.toString(i), SIZE, 2);
        lists.add(
            executor.submit(
                () -> {
                  try (ChangeTracker tracker = provider.open(target)) {
                    return Extents.drain(tracker.allocated(0));
                  }
                }));
      }
      for (int i = 0; i < 32; i++) {
        assertThat(lists.get(i).get()).containsExactly(new Extent((long) i * KIB4, KIB4));
      }
    }
  }

  @Test
  void streamsOfOneDriverAreNotStartedAllAtOnce() throws Exception {
    StreamPolicy slow =
        new StreamPolicy(
            9, 2, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(9), Duration.ofSeconds(1));
    SnapshotMetadataProvider provider =
        new SnapshotMetadataProvider(access, EndpointOverride.NONE, slow, registry, waiting);
    try (ChangeTracker tracker = provider.open(snapshot("new", SIZE, 2))) {
      Extents.drain(tracker.allocated(0));
      Extents.drain(tracker.allocated(0));
      waiting.pass(Duration.ofMillis(300));
      Extents.drain(tracker.allocated(0));
    }
    assertThat(waiting.pauses).containsExactly(Duration.ofSeconds(1), Duration.ofMillis(700));
  }

  @Test
  void closingATrackerLeavesTheOthersAlone() throws Exception {
    SnapshotMetadataProvider provider = provider();
    ChangeTracker first = provider.open(snapshot("a", SIZE, 2));
    try (ChangeTracker second = provider.open(snapshot("b", SIZE, 2))) {
      first.close();
      first.close();
      assertThat(Extents.drain(second.allocated(0))).isEmpty();
      assertThatThrownBy(() -> first.allocated(0)).hasMessage("the tracker is closed");
    }
  }

  @Test
  void whatIsReportedIsCounted() throws Exception {
    sidecar.answering(
        request -> SidecarReply.ok(Message.of(SIZE, 0, KIB4), Message.of(SIZE, KIB4, KIB4)));
    allocated();
    changed();
    assertThat(registry.get("mover.tracker.records").tag("kind", "delta").counter().count())
        .isEqualTo(2);
    assertThat(
            registry.get("mover.tracker.reported.bytes").tag("kind", "allocated").counter().count())
        .isEqualTo(2 * KIB4);
    assertThat(
            registry
                .get("mover.tracker.streams")
                .tags("kind", "delta", "outcome", "complete", "driver", "fake.csi")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(registry.get("mover.tracker.first.record").timer().count()).isEqualTo(1);
    assertThat(registry.get("mover.tracker.tokens").counter().count()).isEqualTo(2);
  }

  @Test
  void aSourceThatIsNoVolumeSnapshotIsNotForThisTracker() {
    SnapshotReference device = new SnapshotReference("device", "", "/dev/x", SIZE, Map.of());
    assertThat(provider().applicability(device))
        .isEqualTo(new Applicability.NotApplicable("the source is no VolumeSnapshot of a cluster"));
    assertThatThrownBy(() -> provider().open(device)).isInstanceOf(IllegalArgumentException.class);
  }
}
