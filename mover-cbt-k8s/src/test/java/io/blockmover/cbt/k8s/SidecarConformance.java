package io.blockmover.cbt.k8s;

import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.testkit.ChangeTrackerConformance;
import io.blockmover.testkit.TrackedVolume;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The kit for trackers, through the client, TLS and a sidecar to a driver that tells the truth. */
abstract class SidecarConformance extends ChangeTrackerConformance {

  private final BlockDriver driver;
  private final FakeAccess access = new FakeAccess();
  private final SnapshotMetadataProvider provider =
      new SnapshotMetadataProvider(
          access,
          EndpointOverride.NONE,
          SidecarTest.POLICY,
          new SimpleMeterRegistry(),
          new FakeWaiting());
  private FakeSidecar sidecar;

  SidecarConformance(BlockDriver driver) {
    this.driver = driver;
  }

  @BeforeEach
  final void startSidecar() throws Exception {
    TestAuthority authority = new TestAuthority();
    sidecar = FakeSidecar.start(authority.issue("127.0.0.1")).answering(driver::answer);
    access.with(sidecar.endpoint(authority));
  }

  @AfterEach
  final void stopSidecar() throws Exception {
    sidecar.close();
  }

  @Override
  protected TrackedVolume createVolume(long sizeBytes) {
    return driver.createVolume(sizeBytes);
  }

  @Override
  protected ChangeTrackerProvider provider() {
    return provider;
  }
}
