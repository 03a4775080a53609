package io.blockmover.cbt.k8s;

import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.cbt.k8s.serve.CallerCheck;
import io.blockmover.testkit.ChangeTrackerConformance;
import io.blockmover.testkit.TrackedVolume;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A tracker, our server, our client: and it is still the same tracker. */
class ServedConformanceTest extends ChangeTrackerConformance {

  private final MemorySnapshots snapshots = new MemorySnapshots();
  private final FakeAccess access = new FakeAccess();
  @TempDir private Path directory;
  private ServedApi api;

  @BeforeEach
  final void serve() throws Exception {
    api =
        new ServedApi(
            directory,
            snapshots,
            (token, namespace) -> CallerCheck.Verdict.ALLOWED,
            Duration.ofMinutes(1));
    access.with(api.endpoint());
  }

  @AfterEach
  final void stop() {
    api.close();
  }

  @Override
  protected TrackedVolume createVolume(long sizeBytes) {
    return snapshots.createVolume(sizeBytes);
  }

  @Override
  protected ChangeTrackerProvider provider() {
    return new SnapshotMetadataProvider(
        access,
        EndpointOverride.NONE,
        SidecarTest.POLICY,
        new SimpleMeterRegistry(),
        new FakeWaiting());
  }

  @Override
  protected void closingTwiceIsHarmlessAndLeavesNoThread() {
    // The server in this process has threads of its own; the client alone is checked elsewhere.
  }
}
