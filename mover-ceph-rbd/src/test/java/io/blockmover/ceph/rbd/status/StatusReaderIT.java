package io.blockmover.ceph.rbd.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.DeviceFailed;
import io.blockmover.ceph.rbd.librbd.ClusterSettings;
import io.blockmover.ceph.rbd.volume.TestImage;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real images, looked at as a user who may only read. */
@Tag("ceph")
class StatusReaderIT {

  private static List<ImageStatus> read(String scope) throws Exception {
    ClusterSettings settings = ClusterSettings.ofFile(TestImage.conf(), TestImage.READER);
    return StatusReader.read(settings, StatusScope.parse(scope));
  }

  private static ImageStatus status(TestImage image) throws Exception {
    return read(image.spec()).getFirst();
  }

  @Test
  void snapshotsOfAllNamespacesAndAncestorsAreSeen() throws Exception {
    try (TestImage volume = TestImage.ofBytes(8 << 20)) {
      volume.snapshot("one");
      volume.snapshot("two");
      try (TestImage clone = volume.cloned("one");
          TestImage deep = volume.cloned("two")) {
        volume.removeSnapshot("one"); // its clone keeps it, in the trash namespace
        deep.snapshot("three");
        ImageStatus seen = status(volume);
        assertThat(seen.snapshotsByKind()).containsEntry("user", 1L).containsEntry("trash", 1L);
        assertThat(seen.cloneDepth()).isZero();
        assertThat(seen.sizeBytes()).isEqualTo(8 << 20);
        try (TestImage deeper = deep.cloned("three")) {
          ImageStatus chain = status(deeper);
          assertThat(chain.cloneDepth()).isEqualTo(2);
          assertThat(chain.ancestors())
              .extracting(ImageStatus.Ancestor::image)
              .containsExactly(deep.spec(), volume.spec());
        }
        assertThat(status(clone).ancestors()).hasSize(1);
        assertThat(read("rbd"))
            .extracting(ImageStatus::name)
            .contains(volume.spec(), clone.spec(), deep.spec());
      }
    }
  }

  @Test
  void theImageOfAVolumeSnapshotThatWasFlattenedIsRecognised() throws Exception {
    try (TestImage volume = TestImage.ofBytes(8 << 20)) {
      volume.snapshot("one");
      try (TestImage snapshot = volume.cloned("one")) {
        snapshot.snapshot(snapshot.name());
        assertThat(status(snapshot).isFlattenedSnapshot()).isFalse();
        TestImage.rbd("flatten", "--no-progress", snapshot.spec());
        assertThat(status(snapshot).isFlattenedSnapshot()).isTrue();
      }
    }
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatThrownBy(() -> read("nopool")).isInstanceOf(DeviceFailed.class);
    assertThatThrownBy(() -> read("rbd/noimage"))
        .isInstanceOf(DeviceFailed.class)
        .hasMessageContaining("rbd/noimage");
  }
}
