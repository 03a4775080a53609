package io.blockmover.ceph.rbd.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.source.BlockSource;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import io.blockmover.testkit.TestSeed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cluster that fails while it is read: an error or recovery, never wrong bytes. */
@Tag("ceph")
class ClusterTroubleIT {

  private static final int SIZE = 32 << 20;
  private static final int STEP = 512 << 10;

  private final byte[] content = new byte[SIZE];
  private TestImage image;

  @BeforeEach
  void aSnapshotWithData() throws Exception {
    TestSeed.random("ClusterTroubleIT").nextBytes(content);
    image = TestImage.holding(content);
    image.snapshot("one");
  }

  @AfterEach
  void theClusterRunsAgain() throws Exception {
    ClusterTrouble.signal("osd.0", "CONT");
    ClusterTrouble.signal("mon.a", "CONT");
    image.close();
  }

  private void assertReads(BlockSource source, int offset) throws Exception {
    ByteBuffer into = ByteBuffer.allocateDirect(STEP);
    assertThat(source.read(offset, into)).isEqualTo(STEP);
    byte[] bytes = new byte[STEP];
    into.flip().get(bytes);
    assertThat(Arrays.equals(bytes, Arrays.copyOfRange(content, offset, offset + STEP)))
        .as("the bytes at %d", offset)
        .isTrue();
  }

  @Test
  void aBlocklistedReaderConnectsAgainAndReadsTheSame() throws Exception {
    AtomicReference<String> address = new AtomicReference<>("");
    try (BlockSource source = watched(address)) {
      assertReads(source, 0);
      for (int time = 0; time < 3; time++) {
        ClusterTrouble.blocklist(address.get());
        try (ExecutorService readers = Executors.newFixedThreadPool(4)) {
          List<Future<?>> reads = new ArrayList<>();
          for (int at = 0; at < SIZE; at += STEP) {
            int offset = at;
            reads.add(
                readers.submit(
                    () -> {
                      assertReads(source, offset);
                      return null;
                    }));
          }
          for (Future<?> read : reads) {
            read.get(60, TimeUnit.SECONDS);
          }
        }
        source.requireStillValid();
      }
      ClusterTrouble.blocklist(address.get());
      assertThatThrownBy(() -> assertReads(source, 0))
          .as("who is cut off again and again is meant to stay out")
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("blocklisted");
    }
  }

  /** A source that tells under which address it is connected. */
  private BlockSource watched(AtomicReference<String> address) throws Exception {
    ImageIdentity identity;
    try (ClusterConnection cluster = TestImage.connect("mover");
        RbdPool pool = cluster.pool("rbd", "");
        RbdImage head = pool.openReadOnly(image.name())) {
      long snapshot = head.snapshots().getFirst().id();
      identity = new ImageIdentity(cluster.fsid(), pool.id(), "", head.id(), snapshot);
    }
    SteadyImage.Reopening opening =
        wanted -> {
          OpenImage open = OpenImage.byIdentity(connect(), wanted);
          address.set(open.connection().addresses());
          return open;
        };
    return new RbdSource(
        image.address(),
        new SteadyImage(identity, opening.open(identity), opening),
        SIZE,
        List.of());
  }

  private static ClusterConnection connect() {
    try {
      return TestImage.connect("mover");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anOsdThatDiesIsWaitedForAndReadsGoOn() throws Exception {
    try (BlockSource source = image.open("one", Map.of("ceph-timeout", "60")).source()) {
      assertReads(source, 0);
      ClusterTrouble.signal("osd.0", "KILL");
      Process starting = ClusterTrouble.start();
      for (int offset = 0; offset < SIZE; offset += STEP) {
        assertReads(source, offset);
      }
      source.requireStillValid();
      starting.destroy();
    }
  }

  @Test
  void aClusterThatStopsIsAnErrorWithinTheTimeAndReadableAfterwards() throws Exception {
    try (BlockSource source = image.open("one", Map.of("ceph-timeout", "4")).source()) {
      assertReads(source, 0);
      ClusterTrouble.signal("osd.0", "STOP");
      ClusterTrouble.signal("mon.a", "STOP");
      long start = System.nanoTime();
      assertThatThrownBy(() -> assertReads(source, 8 << 20))
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("did not answer in time");
      assertThatThrownBy(source::requireStillValid).isInstanceOf(DeviceFailed.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(40));
      ClusterTrouble.signal("mon.a", "CONT");
      ClusterTrouble.signal("osd.0", "CONT");
    }
    try (BlockSource again = image.open("one").source()) {
      assertReads(again, 8 << 20);
      again.requireStillValid();
    }
  }
}
