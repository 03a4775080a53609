package io.blockmover.ceph.rbd.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.TargetRefused;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.source.TargetTerms;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which real images are written, and which are not. */
@Tag("ceph")
class RbdTargetIT {

  private static final int SIZE = 8 << 20;
  private static final TargetTerms PLAIN = new TargetTerms(SIZE, false, false, false);
  private static final TargetTerms FORCE = new TargetTerms(SIZE, true, false, false);
  private static final TargetTerms CREATE = new TargetTerms(SIZE, false, true, false);

  private static ByteBuffer bytes(int length) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(length);
    while (buffer.hasRemaining()) {
      buffer.put((byte) 7);
    }
    return buffer.flip();
  }

  @Test
  void anImageIsOnlyMadeIfThatWasAskedFor() throws Exception {
    try (TestImage image = TestImage.missing()) {
      assertThatThrownBy(() -> image.openTarget(PLAIN))
          .isInstanceOfSatisfying(
              TargetRefused.class, e -> assertThat(e.advice()).contains("--create"));
      try (BlockTarget target = image.openTarget(CREATE)) {
        assertThat(target.sizeBytes()).isEqualTo(SIZE);
        assertThat(target.startsAsZeros()).isTrue();
      }
    }
  }

  @Test
  void anImageIsMadeAsItWasWished() throws Exception {
    try (TestImage image = TestImage.missing()) {
      Map<String, String> wishes =
          Map.of("image-feature", "layering,exclusive-lock", "object-size", "1M");
      image.openTarget(CREATE, "writer", wishes).close();
      assertThat(TestImage.rbd("info", "--format", "json", image.spec()))
          .contains("\"object_size\":1048576", "\"features\":[\"layering\",\"exclusive-lock\"]");
    }
  }

  @Test
  void anImageThatHoldsDataIsRefusedWithoutForce() throws Exception {
    try (TestImage image = TestImage.ofBytes(SIZE)) {
      try (BlockTarget target = image.openTarget(PLAIN)) {
        assertThat(target.startsAsZeros()).isTrue();
        target.write(5 << 20, bytes(512));
      }
      assertThatThrownBy(() -> image.openTarget(PLAIN))
          .isInstanceOf(TargetRefused.class)
          .hasMessageContaining("holds data");
      try (BlockTarget target = image.openTarget(FORCE)) {
        assertThat(target.startsAsZeros()).isFalse();
      }
    }
  }

  @Test
  void aCloneHoldsWhatItInherits() throws Exception {
    try (TestImage parent = TestImage.holding(new byte[] {1, 2, 3})) {
      TestImage.rbd("resize", "--no-progress", "--size", "8M", parent.spec());
      parent.snapshot("base");
      try (TestImage clone = parent.cloned("base")) {
        assertThatThrownBy(() -> clone.openTarget(PLAIN)).hasMessageContaining("holds data");
      }
    }
  }

  @Test
  void anImageThatIsTooSmallIsRefusedAndALargerOneKeepsItsSize() throws Exception {
    try (TestImage image = TestImage.ofBytes(SIZE)) {
      assertThatThrownBy(() -> image.openTarget(new TargetTerms(SIZE + 1, true, false, false)))
          .isInstanceOfSatisfying(
              TargetRefused.class, e -> assertThat(e.advice()).contains("rbd resize"));
      try (BlockTarget target = image.openTarget(new TargetTerms(1, true, false, false))) {
        assertThat(target.sizeBytes()).isEqualTo(SIZE);
      }
    }
  }

  @Test
  void anImageThatSomebodyHasOpenIsRefusedEvenWithForce() throws Exception {
    try (TestImage image = TestImage.ofBytes(SIZE);
        ClusterConnection cluster = TestImage.connect("admin");
        RbdPool pool = cluster.pool("rbd", "");
        RbdImage open = pool.openForWriting(image.name())) {
      assertThat(open.watchers()).hasSize(1);
      assertThatThrownBy(() -> image.openTarget(FORCE))
          .isInstanceOf(TargetRefused.class)
          .hasMessageContaining("is in use by 127.0.0.1");
    }
  }

  @Test
  void nobodyElseWritesWhileWeDo() throws Exception {
    try (TestImage image = TestImage.ofBytes(SIZE);
        BlockTarget target = image.openTarget(PLAIN);
        ClusterConnection cluster = TestImage.connect("admin");
        RbdPool pool = cluster.pool("rbd", "")) {
      target.write(0, bytes(512));
      try (RbdImage other = pool.openForWriting(image.name())) {
        assertThatThrownBy(() -> other.writeZeroes(0, 4096)).hasMessageContaining("EROFS");
      }
      target.write(4096, bytes(512));
    }
  }

  @Test
  void anImageWithoutTheLockFeatureIsWrittenToo() throws Exception {
    try (TestImage image = TestImage.missing()) {
      TestImage.rbd("create", "--size", "8M", "--image-feature", "layering", image.spec());
      try (BlockTarget target = image.openTarget(PLAIN)) {
        target.write(0, bytes(512));
        target.flush();
      }
      assertThat(image.content()[511]).isEqualTo((byte) 7);
    }
  }

  @Test
  void aUserWhoMayOnlyReadIsToldSo() throws Exception {
    ClusterTrouble.assumeCephx();
    try (TestImage image = TestImage.ofBytes(SIZE)) {
      assertThatThrownBy(() -> image.openTarget(PLAIN, TestImage.READER, Map.of()))
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("capabilities");
      try (TestImage other = TestImage.missing()) {
        assertThatThrownBy(() -> other.openTarget(CREATE, TestImage.READER, Map.of()))
            .isInstanceOf(AccessDenied.class);
      }
    }
  }

  @Test
  void zerosGiveTheSpaceBack() throws Exception {
    try (TestImage image = TestImage.holding(new byte[SIZE])) {
      try (BlockTarget target = image.openTarget(FORCE)) {
        target.zero(new Extent(0, SIZE));
        target.flush();
      }
      assertThat(TestImage.rbd("diff", image.spec())).doesNotContain("data");
    }
  }

  @Test
  void aDryRunChangesNothingAndNeedsNoRightToWrite() throws Exception {
    TargetTerms look = new TargetTerms(SIZE, true, false, true);
    try (TestImage image = TestImage.ofBytes(SIZE);
        BlockTarget target = image.openTarget(look, TestImage.READER, Map.of())) {
      assertThat(target.read(0, ByteBuffer.allocateDirect(4096))).isEqualTo(4096);
      assertThatThrownBy(() -> target.write(0, bytes(512)))
          .isInstanceOf(IllegalStateException.class);
    }
    try (TestImage missing = TestImage.missing()) {
      assertThatThrownBy(() -> missing.openTarget(look)).isInstanceOf(TargetRefused.class);
    }
  }

  @Test
  void aWriterThatWasFencedOffStaysSo() throws Exception {
    try (TestImage image = TestImage.ofBytes(SIZE);
        BlockTarget target = image.openTarget(PLAIN)) {
      target.write(0, bytes(512));
      ClusterTrouble.blocklist(ClusterTrouble.watcher(image));
      assertThatThrownBy(
              () -> {
                target.write(4096, bytes(512));
                target.flush();
              })
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("blocklisted");
      assertThatThrownBy(() -> target.write(8192, bytes(512))).isInstanceOf(DeviceFailed.class);
    }
  }

  @Test
  void aSnapshotIsNoTarget() {
    assertThatThrownBy(
            () ->
                new RbdVolumeProvider()
                    .openTarget("rbd:rbd/i@s", PLAIN, TestImage.options("writer", Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be written");
  }
}
