package io.blockmover.ceph.rbd.librbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.Extent;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors that no cluster gives when a test wants them; nothing is left open after any. */
class LibraryErrorsTest {

  private static final ClusterSettings SETTINGS =
      ClusterSettings.ofMonitors("10.0.0.1:3300", "mover", "secret");
  private static final DiffQuery ALL =
      new DiffQuery(DiffQuery.BEGINNING, new Extent(0, 1 << 30), DiffMode.EXACT);

  private CephLibrary library;

  @BeforeEach
  void nothingGoesWrongYet() {
    library = FakeCeph.fresh();
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(FakeCeph.open()).isZero();
  }

  private interface WithImage {
    void use(RbdImage image) throws Exception;
  }

  private void withImage(WithImage use) throws Exception {
    try (ClusterConnection connection = library.connect(SETTINGS);
        RbdPool pool = connection.pool("pool", "ns");
        RbdImage image = pool.openReadOnlyById("abc", 10)) {
      use.use(image);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "rados_create2, -12, OTHER",
    "rados_conf_set, -2, GONE",
    "rados_connect, -13, REFUSED",
    "rados_connect, -110, TIMED_OUT",
    "rados_connect, -95, NO_CLASS",
    "rados_cluster_fsid, -107, NOT_CONNECTED",
    "rados_pool_lookup, -2, GONE",
    "rados_ioctx_create2, -2, GONE",
    "rbd_open_by_id_read_only, -108, BLOCKLISTED",
    "rbd_open_by_id_read_only, -1, NOT_PERMITTED",
    "rbd_snap_set_by_id, -2, GONE",
    "rbd_snap_set_by_id, -71, OTHER"
  })
  void whateverFailsOnTheWayToAnImageIsToldAndLeavesNothingOpen(
      String function, int answer, CephErrno errno) {
    FakeCeph.answer(function, answer);
    assertThatThrownBy(() -> withImage(image -> {}))
        .isInstanceOfSatisfying(
            CephFailure.class,
            e -> {
              assertThat(e.errno()).isEqualTo(errno);
              assertThat(e.number()).isEqualTo(-answer);
              assertThat(e).hasMessageContaining(function);
            });
  }

  @Test
  void aUserWithoutKeyringIsToldSo() {
    FakeCeph.answer("rados_connect", -2);
    assertThatThrownBy(() -> library.connect(SETTINGS))
        .isInstanceOfSatisfying(
            CephFailure.class, e -> assertThat(e.advice()).contains("no keyring of this user"));
  }

  @Test
  void noConnectionIsWithoutTimeoutsAndSecretsAreNoFiles() throws Exception {
    withImage(image -> {});
    assertThat(FakeCeph.options().lines())
        .contains(
            "mon_host=v2:10.0.0.1:3300",
            "key=secret",
            "keyring=",
            "client_mount_timeout=30",
            "rados_osd_op_timeout=60",
            "rados_mon_op_timeout=60",
            "rbd_cache=false");
    library = FakeCeph.fresh();
    library
        .connect(
            SETTINGS
                .withTimeouts(Duration.ofMillis(1), Duration.ofSeconds(5))
                .withOption("client_mount_timeout", "0"))
        .close();
    assertThat(FakeCeph.options().lines())
        .contains("client_mount_timeout=1", "rados_osd_op_timeout=5")
        .doesNotContain("client_mount_timeout=0");
  }

  @Test
  void whatIsLeftOpenIsClosedInTheOrderThatTheLibrariesNeed() throws Exception {
    try (Arena arena = Arena.ofShared()) {
      ClusterConnection connection = library.connect(SETTINGS);
      RbdImage image = connection.pool("pool", "").openReadOnly("image");
      Transfer transfer = image.startRead(0, arena.allocate(512));
      connection.close();
      assertThat(FakeCeph.order())
          .isEqualTo("wait rbd_aio_release rbd_close rados_ioctx_destroy rados_shutdown");
      assertThatThrownBy(transfer::await)
          .isInstanceOfSatisfying(
              CephFailure.class, e -> assertThat(e.errno()).isEqualTo(CephErrno.CLOSED));
      assertThatThrownBy(image::sizeBytes).hasMessageContaining("closed here");
      connection.close();
      transfer.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"-108, BLOCKLISTED", "-110, TIMED_OUT", "-5, BROKEN", "-2, GONE"})
  void aReadThatFailsIsTold(int answer, CephErrno errno) throws Exception {
    FakeCeph.answer("rbd_read2", answer);
    FakeCeph.answer("rbd_aio_get_return_value", answer);
    withImage(
        image -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(4096);
            assertThatThrownBy(() -> image.read(8192, memory))
                .isInstanceOfSatisfying(
                    CephFailure.class,
                    e -> {
                      assertThat(e.errno()).isEqualTo(errno);
                      assertThat(e).hasMessageContaining("read at 8192, 4096 bytes");
                    });
            try (Transfer transfer = image.startRead(8192, memory)) {
              assertThatThrownBy(transfer::await)
                  .isInstanceOfSatisfying(
                      CephFailure.class, e -> assertThat(e.errno()).isEqualTo(errno));
            }
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"rbd_aio_read2", "rbd_aio_create_completion"})
  void aTransferThatCannotBeginLeavesNoCompletion(String function) throws Exception {
    FakeCeph.answer(function, -12);
    withImage(
        image -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(4096);
            assertThatThrownBy(() -> image.startRead(0, memory)).isInstanceOf(CephFailure.class);
          }
        });
  }

  @Test
  void aDiffThatIsToldToStopMayCallAgainAndIsNotHeard() throws Exception {
    for (int i = 0; i < 10; i++) {
      FakeCeph.extent(i * 8192L, 4096, i % 2 == 0);
    }
    withImage(
        image -> {
          List<Long> heard = new ArrayList<>();
          assertThat(
                  image.diff(
                      ALL, (offset, length, exists) -> heard.add(offset) && heard.size() < 3))
              .isFalse();
          assertThat(heard).containsExactly(0L, 8192L, 16384L);
        });
    assertThat(FakeCeph.callsAfterTheEnd()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {IllegalStateException.class, StackOverflowError.class, OutOfMemoryError.class})
  void nothingThrownLeavesAnUpcall(Class<? extends Throwable> type) throws Exception {
    FakeCeph.extent(0, 4096, true);
    FakeCeph.extent(8192, 4096, true);
    Throwable thrown = type.getConstructor(String.class).newInstance("thrown in a receiver");
    withImage(
        image ->
            assertThatThrownBy(
                    () ->
                        image.diff(
                            ALL,
                            (offset, length, exists) -> {
                              throw LibraryErrorsTest.<RuntimeException>sneaky(thrown);
                            }))
                .isSameAs(thrown));
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T sneaky(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Test
  void extentsOfNoLengthAreNotTold() throws Exception {
    FakeCeph.extent(0, 0, true);
    FakeCeph.extent(4096, 512, false);
    withImage(
        image -> {
          List<String> told = new ArrayList<>();
          assertThat(
                  image.diff(
                      ALL, (offset, length, exists) -> told.add(offset + "+" + length + exists)))
              .isTrue();
          assertThat(told).containsExactly("4096+512false");
        });
  }

  @Test
  void aDiffThatFailsAfterSomeExtentsFails() throws Exception {
    FakeCeph.extent(0, 4096, true);
    FakeCeph.answer("rbd_diff_iterate3", -110);
    withImage(
        image ->
            assertThatThrownBy(() -> image.diff(ALL, (offset, length, exists) -> true))
                .isInstanceOfSatisfying(
                    CephFailure.class, e -> assertThat(e.errno()).isEqualTo(CephErrno.TIMED_OUT)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 510})
  void asManySnapshotsAreListedAsThereAreWithNamesOfAnyLength(int count) throws Exception {
    FakeCeph.snapshots(count);
    withImage(
        image -> {
          assertThat(image.snapshots()).hasSize(count);
          assertThat(image.snapshots())
              .allSatisfy(
                  it -> assertThat(it.kind()).isEqualTo(new SnapshotKind.Trash("n".repeat(999))));
        });
  }

  @Test
  void aSnapshotThatGoesAwayWhileTheListIsReadIsLeftOut() throws Exception {
    FakeCeph.snapshots(5);
    FakeCeph.answerAfter(3, "rbd_snap_get_namespace_type", -2);
    withImage(image -> assertThat(image.snapshots()).hasSize(3));
  }

  @Test
  void aListThatFailsHalfwayLeavesNothing() throws Exception {
    FakeCeph.snapshots(5);
    FakeCeph.answerAfter(3, "rbd_snap_get_namespace_type", -110);
    withImage(image -> assertThatThrownBy(image::snapshots).hasMessageContaining("did not answer"));
  }

  @Test
  void aParentWhoseOverlapCannotBeHadLeavesNothing() throws Exception {
    FakeCeph.answer("rbd_get_overlap", -5);
    withImage(image -> assertThatThrownBy(image::parent).hasMessageContaining("input/output"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rados_read_op_operate", "omap result", "rados_omap_get_next2"})
  void aMapThatCannotBeReadLeavesNothing(String function) throws Exception {
    FakeCeph.answer(function, -5);
    try (ClusterConnection connection = library.connect(SETTINGS)) {
      RbdPool pool = connection.pool(7, "");
      assertThatThrownBy(() -> pool.omap("object", List.of("key")))
          .hasMessageContainingAll("pool object object", "input/output");
    }
  }

  @Test
  void aCommandThatIsRefusedGivesTheMonitorsWords() throws Exception {
    FakeCeph.answerAfter(1, "rados_mon_command", -22);
    try (ClusterConnection connection = library.connect(SETTINGS)) {
      assertThat(connection.command("{}")).isEqualTo("answer");
      assertThatThrownBy(() -> connection.command("{}")).hasMessageContaining("status");
    }
  }

  @Test
  void featuresThatAreUnknownHereAreLeftOut() throws Exception {
    withImage(
        image -> {
          assertThat(image.features())
              .containsExactlyInAnyOrder(
                  ImageFeature.LAYERING,
                  ImageFeature.EXCLUSIVE_LOCK,
                  ImageFeature.OBJECT_MAP,
                  ImageFeature.FAST_DIFF,
                  ImageFeature.DEEP_FLATTEN);
          assertThat(image.flags()).containsExactly(ImageFlag.values());
        });
  }

  @Test
  void aLibraryThatLacksAFunctionIsTooOldAndSaysWhich() {
    assertThat(FakeCeph.without("rbd_read2"))
        .isInstanceOfSatisfying(
            CephLibrary.Loading.Unavailable.class,
            it -> assertThat(it.reason()).contains("older than Ceph 16", "rbd_read2"));
  }

  @Test
  void aLibraryWithoutDiffById() {
    assertThat(library.whyNoDiffById()).isEmpty();
    CephLibrary old =
        ((CephLibrary.Loading.Loaded) FakeCeph.without("rbd_diff_iterate3")).library();
    assertThat(old.whyNoDiffById())
        .hasValueSatisfying(
            it -> assertThat(it).contains("librbd 1.99.3 has no rbd_diff_iterate3", "18.2.5"));
  }

  @Test
  void basesThatHaveNoNameWantALibraryWithDiffById() throws Exception {
    library = ((CephLibrary.Loading.Loaded) FakeCeph.without("rbd_diff_iterate3")).library();
    FakeCeph.snapshots(3);
    withImage(
        image -> {
          for (long base : new long[] {10, 99}) {
            DiffQuery query = new DiffQuery(base, new Extent(0, 4096), DiffMode.EXACT);
            assertThatThrownBy(() -> image.diff(query, (offset, length, exists) -> true))
                .isInstanceOfSatisfying(
                    CephFailure.class,
                    e ->
                        assertThat(e.errno())
                            .isEqualTo(base == 10 ? CephErrno.UNSUPPORTED : CephErrno.GONE));
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, true",
    "Linux, aarch64, true",
    "Linux, riscv64, false",
    "Linux, x86, false",
    "Mac OS X, aarch64, false"
  })
  void onlyMachinesWhoseCallsAreKnownAreUsed(String system, String architecture, boolean known) {
    assertThat(CephLibrary.isKnown(system, architecture)).isEqualTo(known);
  }

  @Test
  void aMachineWithoutTheLibrariesHasAReason() {
    switch (CephLibrary.load()) {
      case CephLibrary.Loading.Loaded(CephLibrary found) ->
          assertThat(found.version()).startsWith("librbd 1.");
      case CephLibrary.Loading.Unavailable(String reason) ->
          assertThat(reason).contains("cannot be loaded", "install librbd1");
    }
  }
}
