package io.blockmover.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.source.BlockTarget;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ramfs knows neither O_DIRECT nor holes; a device over it cannot give space back. */
class CachedFileSystemTest {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    LoopDevice.assumeAvailable();
    Command.assumeRootAnd("mount", "umount");
    Command.run("mount", "-t", "ramfs", "none", directory.toString());
    mounted = true;
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      Command.run("umount", directory.toString());
    }
  }

  @Test
  void aFileIsReadThroughTheCacheAndAllOfItCounts() throws Exception {
    byte[] bytes = Buffers.random(1, 100_001);
    Path file = Files.write(directory.resolve("image"), bytes);
    try (BlockSource source = Devices.openSource(file)) {
      assertThat(source.alignmentBytes()).isEqualTo(1);
      ByteBuffer buffer = Buffers.aligned(100_001);
      assertThat(source.read(0, buffer)).isEqualTo(100_001);
      assertThat(Buffers.content(buffer)).isEqualTo(bytes);
    }
  }

  @Test
  void zerosAreWrittenWhereThereAreNoHoles() throws Exception {
    byte[] expected = Buffers.random(1, 3 * MIB);
    Path file = Files.write(directory.resolve("image"), expected);
    TargetOptions force = new TargetOptions(true, false);
    try (BlockTarget target = Devices.openTarget(file, expected.length, force)) {
      assertThat(target.startsAsZeros()).isFalse();
      target.zero(new Extent(5, 2 * MIB));
      target.write(7, ByteBuffer.wrap(new byte[] {1, 2, 3}));
      target.flush();
      target.zero(new Extent(2 * MIB + 100, 100));
    }
    Arrays.fill(expected, 5, 2 * MIB + 5, (byte) 0);
    Arrays.fill(expected, 2 * MIB + 100, 2 * MIB + 200, (byte) 0);
    System.arraycopy(new byte[] {1, 2, 3}, 0, expected, 7, 3);
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
  }

  @Test
  void aDeviceThatCannotGiveSpaceBackIsZeroedByTheKernel() throws Exception {
    byte[] expected = Buffers.random(2, 4 * MIB);
    Path file = Files.write(directory.resolve("image"), expected);
    TargetOptions plain = new TargetOptions(false, false);
    try (LoopDevice loop = LoopDevice.over(file);
        BlockTarget target = Devices.openTarget(loop.path(), expected.length, plain)) {
      target.zero(new Extent(1000, 2 * MIB));
      target.zero(new Extent(3 * MIB, 4096));
      target.flush();
    }
    Arrays.fill(expected, 1000, 2 * MIB + 1000, (byte) 0);
    Arrays.fill(expected, 3 * MIB, 3 * MIB + 4096, (byte) 0);
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
  }
}
