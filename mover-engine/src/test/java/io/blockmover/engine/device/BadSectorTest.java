package io.blockmover.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.SourceReadFailed;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.source.BlockTarget;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume with one bad sector, for which nbdkit answers with EIO. */
@Tag("slow")
class BadSectorTest {
  private static final int SIZE = 1 << 20;
  private static final int BAD = 524288;
  private static final String FAIL_THERE =
      "if [ $(($4 + $3)) -gt %1$d ] && [ $4 -lt $((%1$d + 4096)) ]; then echo EIO >&2; exit 1; fi;"
          .formatted(BAD);

  @TempDir Path directory;

  @Test
  void aReadErrorInOnePlaceNamesItAndSparesTheRest() throws Exception {
    String pread = "pread=" + FAIL_THERE + " head -c $3 /dev/zero";
    try (FuseVolume volume = FuseVolume.of(directory, "eval", "get_size=echo " + SIZE, pread);
        BlockSource source = Devices.openSource(volume.path())) {
      assertThat(source.sizeBytes()).isEqualTo(SIZE);
      assertThat(source.read(0, Buffers.aligned(65536))).isEqualTo(65536);
      assertThatThrownBy(() -> source.read(BAD, Buffers.aligned(4096)))
          .isInstanceOfSatisfying(
              SourceReadFailed.class,
              e -> {
                assertThat(e.extent()).isEqualTo(new Extent(BAD, 4096));
                assertThat(e).hasMessageContaining("offset " + BAD).hasMessageContaining("EIO");
              });
      assertThatThrownBy(() -> source.read(BAD - 65536, Buffers.aligned(131072)))
          .isInstanceOfSatisfying(
              SourceReadFailed.class, e -> assertThat(e.extent().end()).isEqualTo(BAD + 65536));
      assertThat(source.read(BAD + 4096, Buffers.aligned(SIZE))).isEqualTo(SIZE - BAD - 4096);
      source.requireStillValid();
    }
  }

  @Test
  void aWriteErrorNamesTheOffset() throws Exception {
    String pwrite = "pwrite=" + FAIL_THERE + " cat >/dev/null";
    try (FuseVolume volume =
            FuseVolume.of(
                directory,
                "eval",
                "get_size=echo " + SIZE,
                "pread=head -c $3 /dev/zero",
                "can_write=exit 0",
                pwrite);
        BlockTarget target =
            Devices.openTarget(volume.path(), SIZE, new TargetOptions(true, false))) {
      target.write(0, Buffers.aligned(65536));
      assertThatThrownBy(() -> target.write(BAD, Buffers.aligned(4096)))
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("cannot be written at offset " + BAD)
          .hasMessageContaining("EIO");
      assertThatThrownBy(() -> target.zero(new Extent(BAD, 4096)))
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("cannot be zeroed at offset " + BAD);
    }
  }
}
