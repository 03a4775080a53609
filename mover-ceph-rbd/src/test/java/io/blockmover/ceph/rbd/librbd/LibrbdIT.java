package io.blockmover.ceph.rbd.librbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.Extent;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The binding against the cluster that CEPH_CONF names. */
@Tag("ceph")
class LibrbdIT {

  private static final int MIB = 1 << 20;
  private static final String RIG_VERSION = System.getenv("RIG_CEPH_VERSION");

  private final String name = "binding-" + UUID.randomUUID();
  private ClusterConnection cluster;
  private RbdPool pool;

  @BeforeEach
  void connect() throws Exception {
    cluster = library().connect(ClusterSettings.ofFile(System.getenv("CEPH_CONF"), "admin"));
    pool = cluster.pool("rbd", "");
  }

  @AfterEach
  void removeTheImage() throws Exception {
    try (RbdPool closing = pool) {
      closing.remove(name);
    } catch (CephFailure e) {
      assertThat(e.errno()).isEqualTo(CephErrno.GONE);
    }
    cluster.close();
  }

  private static CephLibrary library() {
    return switch (CephLibrary.load()) {
      case CephLibrary.Loading.Loaded(CephLibrary library) -> library;
      case CephLibrary.Loading.Unavailable(String reason) -> throw new AssertionError(reason);
    };
  }

  private RbdImage made(long sizeBytes) throws CephFailure {
    pool.create(new NewImage(name, sizeBytes));
    return pool.openForWriting(name);
  }

  private static List<String> allocated(RbdImage image) throws CephFailure {
    List<String> extents = new ArrayList<>();
    boolean all =
        image.diff(
            new DiffQuery(DiffQuery.BEGINNING, new Extent(0, image.sizeBytes()), DiffMode.EXACT),
            (offset, length, exists) -> extents.add(offset + "+" + length + (exists ? "" : "-")));
    assertThat(all).isTrue();
    return extents;
  }

  @Test
  void whatIsWrittenIsReadAndListed() throws Exception {
    try (RbdImage image = made(16 * MIB);
        Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(8192).fill((byte) 7);
      image.write(4 * MIB, bytes);
      MemorySegment back = arena.allocate(12288);
      assertThat(image.read(4 * MIB - 4096, back)).isEqualTo(12288);
      assertThat(back.get(ValueLayout.JAVA_BYTE, 4095)).isZero();
      assertThat(back.asSlice(4096).mismatch(bytes)).isEqualTo(-1);
      assertThat(image.read(16 * MIB - 4096, back)).as("past the end").isEqualTo(4096);
      assertThat(allocated(image)).containsExactly(4 * MIB + "+8192");
      image.writeZeroes(4 * MIB, 4096);
      assertThat(image.read(4 * MIB, bytes)).isEqualTo(8192);
      assertThat(bytes.get(ValueLayout.JAVA_BYTE, 4095)).isZero();
      assertThat(bytes.get(ValueLayout.JAVA_BYTE, 4096)).isEqualTo((byte) 7);
      image.discard(0, 16 * MIB);
      image.flush();
      assertThat(allocated(image)).isEmpty();
    }
  }

  @Test
  void transfersRunSideBySideAndEndWithTheImage() throws Exception {
    try (Arena arena = Arena.ofShared()) {
      RbdImage image = made(16 * MIB);
      MemorySegment bytes = arena.allocate(MIB).fill((byte) 9);
      List<Transfer> transfers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        transfers.add(image.startWrite((long) i * MIB, bytes));
      }
      for (Transfer transfer : transfers) {
        assertThat(transfer.await()).isZero();
        assertThat(transfer.isDone()).isTrue();
        transfer.close();
        transfer.close();
      }
      MemorySegment back = arena.allocate(MIB);
      try (Transfer read = image.startRead(7 * MIB, back)) {
        assertThat(read.await()).isEqualTo(MIB);
      }
      assertThat(back.mismatch(bytes)).isEqualTo(-1);
      Transfer left = image.startRead(0, back);
      image.close();
      image.close();
      assertThatThrownBy(left::await).hasMessageContaining("closed here");
      assertThatThrownBy(() -> image.read(0, back)).hasMessageContaining("closed here");
    }
  }

  @Test
  void anImageTellsWhatItIs() throws Exception {
    try (RbdImage image = made(12 * MIB)) {
      assertThat(image.layout()).isEqualTo(new ImageLayout(12 * MIB, 4 * MIB, 4 * MIB, 1));
      assertThat(image.features()).contains(ImageFeature.LAYERING, ImageFeature.FAST_DIFF);
      assertThat(image.flags()).isEmpty();
      assertThat(image.id()).matches("[0-9a-f]+");
      assertThat(image.dataPoolId()).isEqualTo(pool.id());
      assertThat(image.parent()).isEmpty();
      assertThat(image.children()).isEmpty();
      assertThat(image.group()).isEmpty();
      assertThat(image.metadata("nothing")).isEmpty();
      assertThat(image.snapshots()).isEmpty();
      image.resize(20 * MIB);
      assertThat(image.sizeBytes()).isEqualTo(20 * MIB);
      assertThat(pool.images()).extracting(ImageName::name).contains(name);
      assertThat(pool.trashed(image.id())).isEmpty();
      assertThatThrownBy(() -> image.setSnapshot(99_999_999))
          .isInstanceOfSatisfying(
              CephFailure.class, e -> assertThat(e.errno()).isEqualTo(CephErrno.GONE));
    }
  }

  @Test
  void whatTheReceiverThrowsEndsTheDiffAndComesOut() throws Exception {
    try (RbdImage image = made(16 * MIB);
        Arena arena = Arena.ofConfined()) {
      for (long offset = 0; offset < 16 * MIB; offset += 4 * MIB) {
        image.write(offset, arena.allocate(4096).fill((byte) 1));
      }
      DiffQuery all = new DiffQuery(DiffQuery.BEGINNING, new Extent(0, 16 * MIB), DiffMode.EXACT);
      assertThatThrownBy(
              () ->
                  image.diff(
                      all,
                      (offset, length, exists) -> {
                        throw new IllegalStateException("thrown at " + offset);
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("thrown at 0");
      List<Long> seen = new ArrayList<>();
      assertThat(image.diff(all, (offset, length, exists) -> seen.add(offset) && seen.size() < 3))
          .isFalse();
      assertThat(seen).containsExactly(0L, 4L * MIB, 8L * MIB);
      assertThatThrownBy(
              () ->
                  image.diff(
                      all,
                      (offset, length, exists) -> {
                        image.close();
                        return true;
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("from within");
    }
  }

  @Test
  void theLibraryIsTheOneThatTheseTestsAreMeantFor() {
    assertThat(library().whyNoDiffById().isPresent())
        .as("%s with a cluster made by Ceph %s", library().version(), RIG_VERSION)
        .isEqualTo("16".equals(RIG_VERSION));
  }

  @Test
  void eachThingThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> cluster.pool("no-such-pool", ""))
        .hasMessageContainingAll("pool no-such-pool", "not there");
    assertThatThrownBy(() -> cluster.pool(4711, "")).hasMessageContaining("pool 4711");
    assertThatThrownBy(() -> pool.openReadOnly("no-such-image"))
        .hasMessageContainingAll("rbd/no-such-image", "not there");
    assertThatThrownBy(() -> pool.openReadOnlyById("abcdef")).hasMessageContaining("rbd/id:abcdef");
    assertThatThrownBy(() -> pool.omap("no-such-object", List.of("key")))
        .hasMessageContaining("no-such-object");
  }

  @Test
  void aClusterKnowsItselfAndItsClient() throws Exception {
    assertThat(cluster.fsid()).isEqualTo(System.getenv("RIG_CEPH_FSID"));
    assertThat(cluster.addresses()).contains("127.0.0.1");
    assertThat(cluster.command("{\"prefix\": \"osd lspools\", \"format\": \"json\"}"))
        .contains("\"rbd\"");
    assertThatThrownBy(() -> cluster.command("{\"prefix\": \"no such command\"}"))
        .hasMessageContaining("no such command");
  }
}
