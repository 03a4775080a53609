package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.testkit.FakeChangeTrackerProvider;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.SampleCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CbtStatusTest {

  private static final SnapshotReference SNAPSHOT =
      new SnapshotReference("disk.example.com", "handle", "vol-1", 1 << 20, Map.of());

  @Test
  void snapshotsAreListedInOrderWithTheirStateAndWhyNothingIsKnownOfThem(@TempDir Path directory)
      throws Exception {
    try (FakeApiServer server = new FakeApiServer()) {
      SampleCluster.snapshot(server, "tuesday", 2);
      SampleCluster.snapshot(server, "monday", 1);
      SampleCluster.snapshotFails(server, "tuesday", "pool is full");
      server.without("cbt.storage.k8s.io");
      MoverRun mover = new MoverRun();
      mover.variable("KUBECONFIG", server.kubeconfig(directory).toString());
      Path picture = directory.resolve("changes.svg");
      MoverRun.Outcome outcome = mover.run("cbt", "status", "app", "--svg", picture.toString());
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
      assertThat(outcome.out())
          .containsSubsequence("monday", "data", "ready", "1.00 GiB", "handle-monday")
          .containsSubsequence("tuesday", "failed", "app/tuesday failed: pool is full")
          .doesNotContain("no tracker knows");
      assertThat(picture).content().startsWith("<svg ").endsWith("</svg>\n");
      assertThat(mover.run("cbt", "status", "app", "--json").out())
          .contains("\"snapshot\":\"monday\"", "\"sizeBytes\":1073741824", "\"changedBytes\":-1");
    }
  }

  @Test
  void whatATrackerSaysBecomesNumbersAndAPicture() {
    SnapshotChanges changes =
        SnapshotChanges.of(
            SNAPSHOT,
            new ChangeId("before"),
            List.of(FakeChangeTrackerProvider.opening("fake", target -> new Tracker(true))));
    assertThat(changes.allocatedBytes()).isEqualTo(512 << 10);
    assertThat(changes.changedBytes()).isEqualTo(4096);
    assertThat(changes.changeId()).isEqualTo(new ChangeId("own"));
    assertThat(changes.strip()).isNotNull();
    assertThat(changes.strip().changedText()).startsWith("░ ");
    assertThat(changes.strip().allocatedText()).isEqualTo("█".repeat(32) + " ".repeat(32));
  }

  @Test
  void whereTheChangesAreNotKnownTheAllocationStillIs() {
    SnapshotChanges changes =
        SnapshotChanges.of(
            SNAPSHOT,
            new ChangeId("before"),
            List.of(FakeChangeTrackerProvider.opening("fake", target -> new Tracker(false))));
    assertThat(changes.allocatedBytes()).isEqualTo(512 << 10);
    assertThat(changes.changedBytes()).isEqualTo(-1);
    assertThat(changes.note()).isEqualTo("the base is gone");
  }

  private record Tracker(boolean knowsChanges) implements ChangeTracker {

    @Override
    public ExtentQuality quality() {
      return ExtentQuality.EXACT;
    }

    @Override
    public Optional<ChangeId> changeId() {
      return Optional.of(new ChangeId("own"));
    }

    @Override
    public ExtentCursor allocated(long fromOffset) {
      return ExtentCursor.of(List.of(new Extent(0, 512 << 10)));
    }

    @Override
    public ExtentCursor changedSince(ChangeId base, long fromOffset) throws MoverException {
      if (!knowsChanges) {
        throw new TrackingUnavailable("the base is gone", "");
      }
      return ExtentCursor.of(List.of(new Extent(0, 4096)));
    }

    @Override
    public void close() {}
  }
}
