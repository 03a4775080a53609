package io.blockmover.ceph.rbd.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.Extent;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.OpenSnapshot;
import io.blockmover.ceph.rbd.TestCluster;
import io.blockmover.ceph.rbd.librbd.CephErrno;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.ClusterSettings;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import io.blockmover.ceph.rbd.tracking.CephRbdProvider;
import io.blockmover.testkit.Extents;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Handles of ceph-csi, whose images, snapshots and journal its like has made. */
@Tag("ceph")
class CsiDeltaIT {

  private static final int MIB = 1 << 20;
  private static final long SIZE = 64L * MIB;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CsiClusters clusters = (snapshot, handle) -> List.of(cluster(TestCluster.reader()));
  private final CephRbdProvider provider =
      new CephRbdProvider(List.of(new CsiSnapshots(clusters)), Map.of(), registry);
  private final List<List<String>> cleanUp = new ArrayList<>();
  private String volume;
  private String image;

  private static CsiCluster cluster(ClusterSettings settings) {
    try (ClusterConnection connection = TestCluster.connect();
        RbdPool pool = connection.pool("rbd", "")) {
      return new CsiCluster(settings, "", pool.id());
    } catch (CephFailure e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void aVolume() throws Exception {
    TestCluster.assumeDiffById();
    volume = "pvc-" + UUID.randomUUID();
    image = CsiRig.run("create-volume", volume, "64M").get("image");
    cleanUp.add(List.of("delete-volume", volume));
    write(image, 0, 8192);
    write(image, 20 * MIB, 4096);
  }

  @AfterEach
  void removeIt() {
    cleanUp.reversed().forEach(command -> CsiRig.run(command.toArray(String[]::new)));
  }

  private static void write(String image, long offset, int length) throws CephFailure {
    try (ClusterConnection connection = TestCluster.connect();
        RbdPool pool = connection.pool("rbd", "");
        RbdImage open = pool.openForWriting(image);
        Arena arena = Arena.ofConfined()) {
      open.write(offset, arena.allocate(length).fill((byte) 5));
    }
  }

  private SnapshotReference snapshot(String of) {
    String name = "snapshot-" + UUID.randomUUID();
    Map<String, String> taken = CsiRig.run("create-snapshot", of, name);
    cleanUp.add(List.of("delete-snapshot", name));
    return new SnapshotReference(
        "openshift-storage.rbd.csi.ceph.com", taken.get("handle"), of, SIZE, Map.of("name", name));
  }

  private void deleteSnapshot(SnapshotReference snapshot) {
    String name = snapshot.attributes().get("name");
    cleanUp.remove(List.of("delete-snapshot", name));
    CsiRig.run("delete-snapshot", name);
  }

  private ChangeId id(SnapshotReference snapshot) throws Exception {
    try (ChangeTracker tracker = provider.open(snapshot)) {
      return tracker.changeId().orElseThrow();
    }
  }

  private List<Extent> since(ChangeId base, SnapshotReference target) throws Exception {
    try (ChangeTracker tracker = provider.open(target)) {
      return Extents.drain(tracker.changedSince(base, 0));
    }
  }

  private List<Extent> allocated(SnapshotReference target) throws Exception {
    try (ChangeTracker tracker = provider.open(target)) {
      return Extents.drain(tracker.allocated(0));
    }
  }

  private double fallbacks(String reason) {
    return registry.counter("mover.ceph.fallbacks", "reason", reason).count();
  }

  @Test
  void twoVolumeSnapshotsHaveADelta() throws Exception {
    SnapshotReference base = snapshot(volume);
    write(image, 4096, 4096);
    SnapshotReference target = snapshot(volume);
    assertThat(since(id(base), target)).containsExactly(new Extent(4096, 4096));
    assertThat(allocated(target)).containsExactly(new Extent(0, 8192), new Extent(20 * MIB, 4096));
  }

  @Test
  void theBytesAreReadFromTheImageOfTheSnapshotAndComparedOnTheVolumes() throws Exception {
    SnapshotReference target = snapshot(volume);
    try (OpenSnapshot open = new CsiSnapshots(clusters).open(TestCluster.library(), target)) {
      ImageIdentity data = open.snapshot().data();
      try (RbdPool pool = open.connection().pool(data.poolId(), data.namespace());
          RbdImage held = pool.openReadOnlyById(data.imageId(), data.snapshotId())) {
        assertThat(held.parent().orElseThrow().image().imageName()).isEqualTo(image);
        assertThat(open.snapshot().lineage().toString())
            .contains("@" + held.parent().orElseThrow().snapshotId());
      }
    }
  }

  @Test
  void flattened_target() throws Exception {
    ChangeId base = id(snapshot(volume));
    SnapshotReference target = snapshot(volume);
    CsiRig.run("flatten", target.attributes().get("name"));
    assertThatThrownBy(() -> since(base, target))
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("flattened");
    assertThat(fallbacks("flattened_target")).isEqualTo(1);
    assertThat(allocated(target)).as("it can be read whole").hasSize(2);
    try (ChangeTracker tracker = provider.open(target)) {
      assertThat(tracker.changeId()).as("nor be a base").isEmpty();
    }
    assertThat(registry.counter("mover.ceph.flattened.snapshots").count()).isPositive();
  }

  @Test
  void base_gone_because_it_was_flattened_or_deleted() throws Exception {
    SnapshotReference flattened = snapshot(volume);
    SnapshotReference deleted = snapshot(volume);
    ChangeId first = id(flattened);
    ChangeId second = id(deleted);
    SnapshotReference target = snapshot(volume);
    CsiRig.run("flatten", flattened.attributes().get("name"));
    deleteSnapshot(deleted);
    for (ChangeId base : List.of(first, second)) {
      assertThatThrownBy(() -> since(base, target))
          .isInstanceOf(BaseSnapshotMissing.class)
          .hasMessageContaining("flattened or deleted");
    }
    assertThat(fallbacks("base_gone")).isEqualTo(2);
  }

  @Test
  void aVolumeThatWasDeletedStillHasItsDelta() throws Exception {
    SnapshotReference base = snapshot(volume);
    write(image, 8 * MIB, 4096);
    SnapshotReference target = snapshot(volume);
    cleanUp.remove(List.of("delete-volume", volume));
    CsiRig.run("delete-volume", volume);
    assertThat(since(id(base), target)).containsExactly(new Extent(8 * MIB, 4096));
  }

  @Test
  void aRestoredVolumeHasWhatItInheritedAndItsOwnDeltas() throws Exception {
    SnapshotReference first = snapshot(volume);
    String restored = "pvc-" + UUID.randomUUID();
    String child =
        CsiRig.run("restore-snapshot", first.attributes().get("name"), restored).get("image");
    cleanUp.add(List.of("delete-volume", restored));
    SnapshotReference base = snapshot(restored);
    write(child, 48 * MIB, 4096);
    SnapshotReference target = snapshot(restored);
    assertThat(since(id(base), target)).containsExactly(new Extent(48 * MIB, 4096));
    assertThat(allocated(target))
        .containsExactly(
            new Extent(0, 8192), new Extent(20 * MIB, 4096), new Extent(48 * MIB, 4096));
    assertThatThrownBy(() -> since(id(first), target))
        .as("other_volume")
        .isInstanceOf(BaseSnapshotMissing.class);
    assertThat(fallbacks("other_volume")).isEqualTo(1);
  }

  @Test
  void aSnapshotThatTheJournalDoesNotKnowIsSaidToBeMissing() {
    SnapshotReference unknown =
        new SnapshotReference(
            "rbd.csi.ceph.com",
            new CsiHandle("openshift-storage", 1, UUID.randomUUID().toString()).toString(),
            "",
            SIZE,
            Map.of());
    assertThatThrownBy(() -> provider.open(unknown))
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("journal has no entry");
  }

  @Test
  void aRefusedKeyIsReadAgainOnce() throws Exception {
    SnapshotReference target = snapshot(volume);
    AtomicInteger asked = new AtomicInteger();
    ClusterSettings wrong =
        TestCluster.reader().withKey("AQBFAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAA==");
    CsiClusters rotated =
        (snapshot, handle) ->
            List.of(cluster(asked.getAndIncrement() == 0 ? wrong : TestCluster.reader()));
    try (OpenSnapshot open = new CsiSnapshots(rotated).open(TestCluster.library(), target)) {
      assertThat(open.connection().fsid()).isEqualTo(System.getenv("RIG_CEPH_FSID"));
    }
    assertThat(asked).hasValue(2);
    assertThatThrownBy(
            () ->
                new CsiSnapshots((snapshot, handle) -> List.of(cluster(wrong)))
                    .open(TestCluster.library(), target))
        .hasMessageContaining("no such user, or the key is another");
  }

  @Test
  void theJournalTellsWhatIsWrittenDown() throws Exception {
    SnapshotReference target = snapshot(volume);
    CsiHandle handle = CsiHandle.parse(target.handle()).orElseThrow();
    try (ClusterConnection connection = TestCluster.library().connect(TestCluster.reader());
        RbdPool pool = connection.pool(handle.poolId(), "")) {
      JournalledSnapshot entry = CsiJournal.snapshot(pool, handle.uuid()).orElseThrow();
      assertThat(entry.requestName()).isEqualTo(target.attributes().get("name"));
      assertThat(entry.imageName()).isEqualTo("csi-snap-" + handle.uuid());
      assertThat(entry.sourceImage()).isEqualTo(image);
      assertThat(entry.encryption()).isEmpty();
      assertThat(CsiJournal.snapshot(pool, UUID.randomUUID().toString())).isEmpty();
      assertThatThrownBy(() -> pool.remove(image))
          .as("a reader may not write")
          .isInstanceOfSatisfying(
              CephFailure.class, e -> assertThat(e.errno()).isEqualTo(CephErrno.NOT_PERMITTED));
    }
  }

  @Test
  void onlyCephCsisDriversAndHandlesApply() {
    SnapshotReference reference = new SnapshotReference("rbd.csi.ceph.com", "x", "", 0, Map.of());
    assertThat(provider.concerns(reference)).isTrue();
    assertThat(provider.applicability(reference))
        .isInstanceOfSatisfying(
            Applicability.NotApplicable.class,
            it -> assertThat(it.reason()).contains("no handle of ceph-csi"));
    SnapshotReference other = new SnapshotReference("hostpath.csi.k8s.io", "x", "", 0, Map.of());
    assertThat(provider.concerns(other)).isFalse();
    assertThat(provider.applicability(other)).isInstanceOf(Applicability.NotApplicable.class);
  }
}
