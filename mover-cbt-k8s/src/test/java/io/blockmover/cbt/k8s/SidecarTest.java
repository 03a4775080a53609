package io.blockmover.cbt.k8s;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.kubernetes.SnapshotAttributes;
import io.blockmover.testkit.Extents;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests against the fake sidecar share: it, a cluster with it, and a volume of 1 MiB. */
abstract class SidecarTest {

  static final long SIZE = 1 << 20;
  static final int KIB4 = 4096;

  static final StreamPolicy POLICY =
      new StreamPolicy(
          100,
          4,
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          Duration.ofSeconds(30),
          Duration.ZERO);

  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final FakeWaiting waiting = new FakeWaiting();
  final FakeAccess access = new FakeAccess();
  TestAuthority authority;
  FakeSidecar sidecar;

  @BeforeEach
  void startSidecar() throws Exception {
    authority = new TestAuthority();
    sidecar = FakeSidecar.start(authority.issue("127.0.0.1"));
    access.with(sidecar.endpoint(authority));
  }

  @AfterEach
  void stopSidecar() throws Exception {
    sidecar.close();
  }

  SnapshotMetadataProvider provider() {
    return provider(EndpointOverride.NONE);
  }

  SnapshotMetadataProvider provider(EndpointOverride override) {
    return new SnapshotMetadataProvider(access, override, POLICY, registry, waiting);
  }

  static SnapshotReference snapshot(String name, long size, int second) {
    return new SnapshotReference(
        "fake.csi",
        "handle-" + name,
        "volume",
        size,
        Map.of(
            SnapshotAttributes.NAMESPACE,
            "app",
            SnapshotAttributes.SNAPSHOT,
            name,
            SnapshotAttributes.CREATED,
            "2026-11-21T12:00:%02dZ".formatted(second)));
  }

  List<Extent> allocated() throws MoverException {
    return allocated(0);
  }

  List<Extent> allocated(long from) throws MoverException {
    try (ChangeTracker tracker = provider().open(snapshot("new", SIZE, 2))) {
      return Extents.drain(tracker.allocated(from));
    }
  }

  List<Extent> changed() throws MoverException {
    return changedSince(snapshot("old", SIZE, 1));
  }

  List<Extent> changedSince(SnapshotReference base) throws MoverException {
    try (ChangeTracker tracker = provider().open(snapshot("new", SIZE, 2))) {
      return Extents.drain(tracker.changedSince(CsiChangeId.of(base).orElseThrow().encoded(), 0));
    }
  }
}
