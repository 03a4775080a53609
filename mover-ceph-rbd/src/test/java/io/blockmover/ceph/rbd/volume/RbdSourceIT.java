package io.blockmover.ceph.rbd.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.AddressedVolume;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.testkit.Extents;
import io.blockmover.testkit.TestSeed;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of real images, and what becomes of them while they are read. */
@Tag("ceph")
class RbdSourceIT {

  private static final int SIZE = 9 << 20;
  private static final int HALF = 5 << 20;

  private final Random random = TestSeed.random("RbdSourceIT");

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] read(BlockSource source, long offset, int length) throws Exception {
    ByteBuffer into = ByteBuffer.allocateDirect(length);
    assertThat(source.read(offset, into)).isEqualTo(length);
    byte[] bytes = new byte[length];
    into.flip().get(bytes);
    return bytes;
  }

  @Test
  void aSnapshotIsTheSameForEverAndALiveImageIsNot() throws Exception {
    try (TestImage image = TestImage.ofBytes(SIZE)) {
      image.snapshot("one");
      image.snapshot("two");
      String first;
      try (BlockSource source = image.open("one").source()) {
        first = source.immutableIdentity().orElseThrow();
      }
      try (BlockSource again = image.open("one").source();
          BlockSource other = image.open("two").source();
          BlockSource live = image.open("").source()) {
        assertThat(again.immutableIdentity()).contains(first);
        assertThat(other.immutableIdentity().orElseThrow()).isNotEqualTo(first);
        assertThat(live.immutableIdentity()).isEmpty();
      }
    }
  }

  @Test
  void allSnapshotsOfAnImageAreOneVolumeAndTrackersHearWhichTheyAre() throws Exception {
    try (TestImage image = TestImage.ofBytes(SIZE)) {
      image.snapshot("one");
      image.snapshot("two");
      AddressedVolume one = image.open("one", Map.of("ceph-timeout", "20"));
      AddressedVolume two = image.open("two");
      AddressedVolume live = image.open("");
      try (BlockSource _ = one.source();
          BlockSource _ = two.source();
          BlockSource _ = live.source()) {
        assertThat(one.volume()).isEqualTo(image.address()).isEqualTo(two.volume());
        SnapshotReference reference = one.reference();
        assertThat(reference.driver()).isEqualTo("rbd");
        assertThat(reference.volumeHandle()).isEqualTo(two.reference().volumeHandle());
        assertThat(reference.handle()).startsWith(reference.volumeHandle() + "@");
        assertThat(reference.sizeBytes()).isEqualTo(SIZE);
        assertThat(reference.created()).isPresent();
        assertThat(reference.attributes()).containsEntry("ceph-timeout", "20");
        assertThat(one.warnings()).isEmpty();
        assertThat(live.reference().handle()).isEmpty();
        assertThat(live.warnings().getFirst()).contains("no snapshot", "moments");
      }
    }
  }

  @Test
  void aNamespaceHasItsOwnImages() throws Exception {
    String namespace = "space-" + Long.toHexString(random.nextLong());
    TestImage.rbd("namespace", "create", "rbd/" + namespace);
    String spec = "rbd/" + namespace + "/disk";
    TestImage.rbd("create", "--size", "4M", spec);
    TestImage.rbd("snap", "create", "--no-progress", spec + "@one");
    try (BlockSource source =
        new RbdVolumeProvider()
            .openSource("rbd:" + spec + "@one", TestImage.options("admin", Map.of()))
            .source()) {
      assertThat(read(source, 0, 4096)).isEqualTo(new byte[4096]);
    } finally {
      TestImage.rbd("snap", "purge", "--no-progress", spec);
      TestImage.rbd("rm", "--no-progress", spec);
      TestImage.rbd("namespace", "remove", "rbd/" + namespace);
    }
  }

  @Test
  void whatWasWrittenAndWhatACloneInheritsIsAllocatedAndNothingElse() throws Exception {
    try (TestImage parent = TestImage.ofBytes(64 << 20)) {
      parent.write(8 << 20, randomBytes(100_000));
      parent.snapshot("base");
      try (TestImage clone = parent.cloned("base")) {
        clone.write(20 << 20, randomBytes(8192));
        clone.snapshot("one");
        try (BlockSource source = clone.open("one").source()) {
          List<Extent> found =
              Extents.drain(source.allocated(new Extent(0, 64 << 20)).orElseThrow());
          assertThat(found)
              .containsExactly(new Extent(8 << 20, 100_000), new Extent(20 << 20, 8192));
          assertThat(Extents.drain(source.allocated(new Extent(8 << 20, 10)).orElseThrow()))
              .containsExactly(new Extent(8 << 20, 10));
        }
      }
    }
  }

  @RepeatedTest(20)
  void aSnapshotThatIsRemovedWhileItIsReadIsFoundOut() throws Exception {
    byte[] content = randomBytes(SIZE);
    try (TestImage image = TestImage.holding(content)) {
      image.snapshot("one");
      try (BlockSource source = image.open("one").source()) {
        assertThat(read(source, 0, HALF)).isEqualTo(Arrays.copyOf(content, HALF));
        image.discard(0, SIZE); // now the snapshot alone holds the data
        image.removeSnapshot("one");
        try {
          read(source, HALF, SIZE - HALF); // zeros, sooner or later, and no error
        } catch (DeviceFailed e) {
          assertThat(e).hasMessageContaining(image.name());
        }
        assertThatThrownBy(source::requireStillValid)
            .isInstanceOf(DeviceFailed.class)
            .hasMessageContaining("was removed while it was read");
      }
    }
  }

  @Test
  void anImageThatIsRemovedWhileItIsReadIsFoundOut() throws Exception {
    TestImage image = TestImage.holding(randomBytes(SIZE));
    image.snapshot("one");
    try (BlockSource source = image.open("one").source();
        BlockSource live = image.open("").source()) {
      read(source, 0, HALF);
      image.close();
      assertThatThrownBy(source::requireStillValid)
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("was removed");
      assertThatThrownBy(live::requireStillValid).isInstanceOf(DeviceFailed.class);
    }
  }

  @Test
  void aCloneThatIsFlattenedWhileItsParentGoesIsFoundOut() throws Exception {
    try (TestImage parent = TestImage.holding(randomBytes(SIZE))) {
      parent.snapshot("base");
      try (TestImage clone = parent.cloned("base")) {
        clone.snapshot("one");
        try (BlockSource source = clone.open("one").source();
            BlockSource kept = clone.open("one").source()) {
          String before = source.immutableIdentity().orElseThrow();
          TestImage.rbd("flatten", "--no-progress", clone.spec());
          kept.requireStillValid(); // the parent is there: whatever was read, was right
          parent.removeSnapshot("base");
          assertThatThrownBy(source::requireStillValid)
              .isInstanceOf(DeviceFailed.class)
              .hasMessageContaining("was flattened while it was read");
          try (BlockSource after = clone.open("one").source()) {
            after.requireStillValid();
            assertThat(after.immutableIdentity().orElseThrow())
                .as("a resumed backup trusts nothing of before")
                .isNotEqualTo(before);
          }
        }
      }
    }
  }

  @Test
  void aLiveImageThatChangesItsSizeIsFoundOut() throws Exception {
    try (TestImage image = TestImage.ofBytes(SIZE);
        BlockSource live = image.open("").source()) {
      live.requireStillValid();
      TestImage.rbd("resize", "--no-progress", "--size", "32M", image.spec());
      assertThatThrownBy(live::requireStillValid)
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining(SIZE + " bytes when the backup began");
    }
  }

  @Test
  void whatIsNotThereIsNamed() throws Exception {
    try (TestImage image = TestImage.ofBytes(SIZE)) {
      image.snapshot("monday");
      assertThatThrownBy(() -> image.open("tuesday"))
          .isInstanceOfSatisfying(
              DeviceFailed.class, e -> assertThat(e.advice()).contains("monday"))
          .hasMessageContaining("no snapshot 'tuesday'");
      assertThatThrownBy(() -> TestImage.missing().open("one"))
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("it is not there");
      assertThatThrownBy(
              () ->
                  new RbdVolumeProvider()
                      .openSource("rbd:nopool/i@s", TestImage.options("admin", Map.of())))
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("pool nopool");
    }
  }

  @Test
  void anUnknownUserAndAWrongKeyAreRefusedAtOnce(@TempDir Path directory) throws Exception {
    ClusterTrouble.assumeCephx();
    Path key = Files.writeString(directory.resolve("key"), keyOf("writer"));
    try (TestImage image = TestImage.ofBytes(SIZE)) {
      for (Map<String, String> who :
          List.of(
              Map.of("ceph-id", "nobody", "ceph-keyfile", key.toString()),
              Map.of("ceph-id", "mover", "ceph-keyfile", key.toString()))) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> image.open("", who)).isInstanceOf(AccessDenied.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      }
    }
  }

  @Test
  void aKeyFileIsEnoughToBeTheUser(@TempDir Path directory) throws Exception {
    Path key = Files.writeString(directory.resolve("key"), keyOf("mover"));
    try (TestImage image = TestImage.ofBytes(SIZE);
        BlockSource source = image.open("", Map.of("ceph-keyfile", key.toString())).source()) {
      assertThat(source.sizeBytes()).isEqualTo(SIZE);
    }
  }

  @Test
  void monitorsThatDoNotAnswerAreWaitedForAsLongAsWasSaid(@TempDir Path directory)
      throws Exception {
    Path key = Files.writeString(directory.resolve("key"), keyOf("mover"));
    Map<String, String> nowhere =
        Map.of(
            "ceph-conf", "/dev/null",
            "ceph-mon", "v2:127.0.0.1:1",
            "ceph-keyfile", key.toString(),
            "ceph-timeout", "3");
    long start = System.nanoTime();
    assertThatThrownBy(() -> TestImage.missing().open("one", nowhere))
        .isInstanceOf(MoverException.class)
        .hasMessageContaining("v2:127.0.0.1:1")
        .hasMessageContaining("did not answer in time");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  private static String keyOf(String user) {
    return TestImage.run(
            List.of("ceph", "-c", TestImage.conf(), "auth", "print-key", "client." + user))
        .strip();
  }
}
