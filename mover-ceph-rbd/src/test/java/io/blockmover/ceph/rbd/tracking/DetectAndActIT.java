package io.blockmover.ceph.rbd.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.Extent;
import io.blockmover.api.TrackingInterrupted;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.CephCommand;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.OpenSnapshot;
import io.blockmover.ceph.rbd.SnapshotLocator;
import io.blockmover.ceph.rbd.TestCluster;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.DiffMode;
import io.blockmover.ceph.rbd.librbd.ImageSurgery;
import io.blockmover.testkit.Extents;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What stands in the way of a delta, and what is done about it: each test is named after the reason
 * that it is about (docs/ceph.md). Those that need ceph-csi's journal are in CsiDeltaIT.
 */
@Tag("ceph")
class DetectAndActIT {

  private static final int KIB = 1 << 10;
  private static final int OBJECT = 64 * KIB;
  private static final DiffOptions EXACT = DiffOptions.DEFAULT.inSlicesOf(2, 100);
  private static final DiffOptions WHOLE = EXACT.with(DiffMode.WHOLE_OBJECT);

  private final Delta exact = new Delta(EXACT);
  private final Delta whole = new Delta(WHOLE);
  private ImageVolume volume;

  @BeforeEach
  void makeAVolume() throws Exception {
    TestCluster.assumeDiffById();
    volume = new ImageVolume(32 * OBJECT, OBJECT, true);
    for (int i = 0; i < 32; i++) {
      write(i * OBJECT, 8 * KIB);
    }
  }

  @AfterEach
  void removeIt() throws Exception {
    if (volume != null) {
      volume.close();
    }
  }

  private void write(long offset, int length) throws CephFailure {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) (1 + snapshotsTaken));
    volume.write(offset, bytes);
  }

  private int snapshotsTaken;

  private SnapshotReference snapshot() throws Exception {
    snapshotsTaken++;
    return volume.snapshot();
  }

  private SnapshotReference userSnapshot() throws Exception {
    snapshotsTaken++;
    return volume.reference(volume.take());
  }

  @Test
  void base_gone() throws Exception {
    SnapshotReference base = snapshot();
    ChangeId recorded = exact.id(base);
    SnapshotReference target = snapshot();
    volume.delete(base);
    assertThatThrownBy(() -> exact.since(recorded, target))
        .isInstanceOf(BaseSnapshotMissing.class)
        .hasMessageContaining("no longer on image");
    assertThat(exact.fallbacks("base_gone")).isEqualTo(1);
  }

  @Test
  void base_newer() throws Exception {
    SnapshotReference older = snapshot();
    SnapshotReference newer = snapshot();
    assertThatThrownBy(() -> exact.between(newer, older))
        .isInstanceOf(BaseSnapshotMissing.class)
        .hasMessageContaining("is newer than");
    assertThat(exact.fallbacks("base_newer")).isEqualTo(1);
  }

  @Test
  void other_volume() throws Exception {
    SnapshotReference base = snapshot();
    SnapshotReference target = snapshot();
    try (ImageVolume other = new ImageVolume(32 * OBJECT, OBJECT, false)) {
      SnapshotReference elsewhere = other.snapshot();
      assertThatThrownBy(() -> exact.between(base, elsewhere))
          .isInstanceOf(BaseSnapshotMissing.class)
          .hasMessageContaining("the last backup was of image");
    }
    RbdChangeId recorded = RbdChangeId.parse(exact.id(base)).orElseThrow();
    ChangeId ofOtherSize =
        new RbdChangeId(recorded.snapshot(), recorded.sizeBytes() + 1, false).encoded();
    assertThatThrownBy(() -> exact.since(ofOtherSize, target))
        .isInstanceOf(BaseSnapshotMissing.class)
        .hasMessageContaining("bytes");
    assertThat(exact.fallbacks("other_volume")).isEqualTo(2);
  }

  @Test
  void no_diff_by_id() throws Exception {
    SymbolLookup rados = SymbolLookup.libraryLookup("librados.so.2", Arena.global());
    SymbolLookup rbd = SymbolLookup.libraryLookup("librbd.so.1", Arena.global());
    SymbolLookup old =
        name ->
            name.equals("rbd_diff_iterate3")
                ? Optional.empty()
                : rados.find(name).or(() -> rbd.find(name));
    CephLibrary library = ((CephLibrary.Loading.Loaded) CephLibrary.of(old)).library();
    Delta tooOld = new Delta(library, EXACT, Delta.NAMED);
    SnapshotReference trashed = snapshot();
    SnapshotReference named = userSnapshot();
    write(3 * OBJECT + 4 * KIB, 4 * KIB);
    SnapshotReference target = snapshot();
    assertThatThrownBy(() -> tooOld.between(trashed, target))
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("no rbd_diff_iterate3");
    assertThat(tooOld.fallbacks("no_diff_by_id")).isEqualTo(1);
    List<Extent> changed = List.of(new Extent(3 * OBJECT + 4 * KIB, 4 * KIB));
    assertThat(tooOld.between(named, target)).as("those of users, by name").isEqualTo(changed);
    assertThat(tooOld.allocated(target)).hasSize(32);
    assertThat(exact.between(trashed, target)).isEqualTo(changed);
  }

  @Test
  void object_map_unusable_because_one_is_missing() throws Exception {
    SnapshotReference base = snapshot();
    write(5 * OBJECT, 4 * KIB);
    SnapshotReference middle = snapshot();
    SnapshotReference target = snapshot();
    List<Extent> objects = List.of(new Extent(5 * OBJECT, OBJECT));
    assertThat(whole.between(base, target)).as("all maps are there").isEqualTo(objects);
    ImageIdentity identity = ImageIdentity.parse(middle.handle()).orElseThrow();
    CephCommand.run(
        "rados",
        "-p",
        ImageVolume.POOL,
        "rm",
        "rbd_object_map.%s.%016x".formatted(identity.imageId(), identity.snapshotId()));
    assertThat(whole.between(base, target))
        .as("asked exactly")
        .isEqualTo(List.of(new Extent(5 * OBJECT, 4 * KIB)));
    assertThat(whole.fallbacks("object_map_unusable")).isEqualTo(1);
  }

  @Test
  void object_map_unusable_because_one_is_invalid() throws Exception {
    SnapshotReference base = snapshot();
    String id = volume.image().id();
    volume.reopenAfter(
        () -> CephCommand.run("rados", "-p", ImageVolume.POOL, "rm", "rbd_object_map." + id));
    write(5 * OBJECT, 4 * KIB);
    SnapshotReference target = userSnapshot();
    assertThat(whole.between(base, target)).isEqualTo(List.of(new Extent(5 * OBJECT, 4 * KIB)));
    assertThat(whole.fallbacks("object_map_unusable")).isEqualTo(1);
  }

  @Test
  void object_map_unusable_because_the_image_has_none() throws Exception {
    volume.reopenAfter(
        () ->
            CephCommand.run(
                "rbd",
                "feature",
                "disable",
                ImageVolume.POOL + "/" + volume.name(),
                "fast-diff",
                "object-map"));
    SnapshotReference base = snapshot();
    write(5 * OBJECT, 4 * KIB);
    SnapshotReference target = snapshot();
    assertThat(whole.between(base, target)).isEqualTo(List.of(new Extent(5 * OBJECT, 4 * KIB)));
    assertThat(whole.fallbacks("object_map_unusable")).isEqualTo(1);
  }

  @Test
  void shrunk_between() throws Exception {
    SnapshotReference base = snapshot();
    volume.image().resize(8 * OBJECT);
    snapshot();
    volume.image().resize(32 * OBJECT);
    SnapshotReference target = snapshot();
    Extent lost = Extent.between(8 * OBJECT, 32 * OBJECT);
    assertThat(whole.fallbacks("shrunk_between")).isZero();
    List<Extent> told = whole.between(base, target);
    assertThat(told).as("what object maps alone would leave out").isNotEmpty();
    for (int object = 8; object < 32; object++) {
      Extent data = new Extent(object * OBJECT, 8 * KIB);
      assertThat(told)
          .as("%s of %s", data, lost)
          .anyMatch(it -> it.offset() <= data.offset() && it.end() >= data.end());
    }
    assertThat(whole.fallbacks("shrunk_between")).isEqualTo(1);
  }

  @Test
  void flattened_between() throws Exception {
    volume.continueOnClone();
    SnapshotReference base = snapshot();
    ChangeId recorded = exact.id(base);
    write(7 * OBJECT, 4 * KIB);
    ImageSurgery.flatten(volume.image());
    SnapshotReference target = snapshot();
    List<Extent> changed = List.of(new Extent(7 * OBJECT, 4 * KIB));
    assertThat(exact.since(recorded, target)).as("exact stays exact").isEqualTo(changed);
    assertThat(whole.since(recorded, target)).as("in place of all objects").isEqualTo(changed);
    assertThat(whole.fallbacks("flattened_between")).isEqualTo(1);
    assertThat(exact.fallbacks("flattened_between")).isZero();
  }

  @Test
  void deep_clone() throws Exception {
    volume.continueOnClone();
    volume.continueOnClone();
    ChangeId recorded = exact.id(snapshot());
    write(7 * OBJECT, 4 * KIB);
    SnapshotReference target = snapshot();
    List<Extent> changed = List.of(new Extent(7 * OBJECT, 4 * KIB));
    assertThat(exact.since(recorded, target.with(SnapshotReference.DEEPEST_CLONE, "2")))
        .isEqualTo(changed);
    SnapshotReference shallow = target.with(SnapshotReference.DEEPEST_CLONE, "1");
    assertThatThrownBy(() -> exact.since(recorded, shallow))
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("clone of depth 2");
    assertThat(exact.allocated(shallow)).as("what is allocated is told all the same").isNotEmpty();
    assertThat(exact.fallbacks("deep_clone")).isEqualTo(1);
    assertThat(exact.registry().get("mover.ceph.clone.depth").summary().max()).isEqualTo(2);
  }

  @Test
  void vanished_meanwhile_is_the_base() throws Exception {
    SnapshotReference base = snapshot();
    ChangeId recorded = exact.id(base);
    overwriteAll();
    SnapshotReference target = snapshot();
    try (ChangeTracker tracker = exact.open(target)) {
      ExtentCursor cursor = tracker.changedSince(recorded, 0);
      assertThat(cursor.next()).isNotNull();
      volume.delete(base);
      assertThatThrownBy(() -> Extents.drain(cursor))
          .isInstanceOf(TrackingUnavailable.class)
          .hasMessageContaining("went away");
    }
    assertThat(exact.fallbacks("vanished_meanwhile")).isEqualTo(1);
  }

  @Test
  void vanished_meanwhile_is_the_target() throws Exception {
    SnapshotReference base = snapshot();
    overwriteAll();
    SnapshotReference target = snapshot();
    ChangeId recorded = exact.id(base);
    try (ChangeTracker tracker = exact.open(target)) {
      ExtentCursor changed = tracker.changedSince(recorded, 0);
      ExtentCursor allocated = tracker.allocated(0);
      assertThat(changed.next()).isNotNull();
      assertThat(allocated.next()).isNotNull();
      volume.delete(target);
      assertThatThrownBy(() -> Extents.drain(changed)).hasMessageContaining("went away");
      assertThatThrownBy(() -> Extents.drain(allocated)).hasMessageContaining("went away");
      assertThatThrownBy(() -> tracker.changedSince(recorded, 0)).hasMessageContaining("went away");
    }
  }

  private void overwriteAll() throws Exception {
    snapshotsTaken++;
    for (int i = 0; i < 32; i++) {
      write(i * OBJECT, 4 * KIB);
    }
  }

  @Test
  void blocklisted() throws Exception {
    Deque<ClusterConnection> connections = new ArrayDeque<>();
    Delta delta = new Delta(TestCluster.library(), EXACT, remembering(connections));
    SnapshotReference base = snapshot();
    overwriteAll();
    SnapshotReference target = snapshot();
    ChangeId recorded = delta.id(base);
    try (ChangeTracker tracker = delta.open(target)) {
      ExtentCursor cursor = tracker.changedSince(recorded, 0);
      Extent first = cursor.next();
      assertThat(first).isNotNull();
      CephCommand.run(
          "ceph", "osd", "blocklist", "add", address(connections.getLast().addresses()), "60");
      assertThatThrownBy(() -> Extents.drain(cursor))
          .isInstanceOfSatisfying(
              TrackingInterrupted.class,
              e -> {
                assertThat(e).hasMessageContaining("blocklisted");
                assertThat(e.resumeOffset()).isBetween(first.end(), 32L * OBJECT);
              });
      assertThat(Extents.drain(tracker.changedSince(recorded, first.end())))
          .as("on a new connection")
          .hasSize(31);
    }
    assertThat(connections).hasSize(3);
    assertThat(delta.fallbacks("blocklisted")).isEqualTo(1);
  }

  /** {@code [v2:127.0.0.1:0/1,v1:…]} or {@code 127.0.0.1:0/1}: what is blocklisted is the rest. */
  private static String address(String addresses) {
    return addresses.replaceAll("^\\[?(v\\d:)?([^,\\]]+).*$", "$2");
  }

  private static SnapshotLocator remembering(Deque<ClusterConnection> connections) {
    return new SnapshotLocator() {
      @Override
      public boolean concerns(SnapshotReference reference) {
        return true;
      }

      @Override
      public Applicability applicability(SnapshotReference reference) {
        return Delta.NAMED.applicability(reference);
      }

      @Override
      public OpenSnapshot open(CephLibrary library, SnapshotReference reference)
          throws io.blockmover.api.MoverException {
        OpenSnapshot open = Delta.NAMED.open(library, reference);
        connections.add(open.connection());
        return open;
      }
    };
  }

  @Test
  void migrating() throws Exception {
    SnapshotReference base = userSnapshot();
    String name = volume.name();
    String moved = name + "-moved";
    volume.reopenAfter(
        () -> CephCommand.run("rbd", "migration", "prepare", "rbd/" + name, "rbd/" + moved),
        () -> {
          try (var image = volume.pool().openReadOnly(moved)) {
            var snapshots = image.snapshots();
            SnapshotReference target =
                new SnapshotReference(
                    ImageIdentity.DRIVER,
                    new ImageIdentity(
                            volume.cluster().fsid(),
                            volume.pool().id(),
                            "",
                            image.id(),
                            snapshots.getLast().id())
                        .toString(),
                    "",
                    base.sizeBytes(),
                    Map.of());
            assertThatThrownBy(() -> exact.between(target, target))
                .isInstanceOf(TrackingUnavailable.class)
                .hasMessageContaining("is being migrated");
            assertThat(exact.fallbacks("migrating")).isEqualTo(1);
          }
        },
        () -> CephCommand.run("rbd", "migration", "abort", "--no-progress", "rbd/" + moved));
  }

  @Test
  void withoutTheLibraryTheTrackerDoesNotApplyAndSaysWhy() throws Exception {
    CephRbdProvider provider =
        new CephRbdProvider(
            () -> new CephLibrary.Loading.Unavailable("librbd is on holiday"),
            List.of(Delta.NAMED),
            EXACT,
            new SimpleMeterRegistry());
    assertThat(provider.applicability(snapshot()))
        .isEqualTo(new Applicability.NotApplicable("librbd is on holiday"));
  }
}
