package io.blockmover.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.source.BlockTarget;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real block devices, where this is root and the kernel has loop devices. */
class LoopDeviceTest {
  private static final int MIB = 1 << 20;
  private static final TargetOptions PLAIN = new TargetOptions(false, false);

  @TempDir Path directory;

  @BeforeEach
  void loopDevicesAreThere() {
    LoopDevice.assumeAvailable();
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void aDeviceIsReadWhole(int sector) throws Exception {
    byte[] bytes = Buffers.random(sector, 2 * MIB + 4096);
    Path file = Files.write(directory.resolve("image"), bytes);
    try (LoopDevice loop = LoopDevice.over(file, "--sector-size", "" + sector);
        BlockSource source = Devices.openSource(loop.path())) {
      assertThat(source.sizeBytes()).isEqualTo(bytes.length);
      assertThat(source.alignmentBytes()).isEqualTo(sector);
      assertThat(source.allocated(new Extent(0, bytes.length))).isEmpty();
      ByteBuffer buffer = Buffers.aligned(4 * MIB);
      assertThat(source.read(0, buffer)).isEqualTo(bytes.length);
      assertThat(Buffers.content(buffer)).isEqualTo(bytes);
      source.requireStillValid();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void writesAndZerosAtAnyPlaceAreExact(int sector) throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int size = MIB;
    byte[] expected = Buffers.random(seed, size);
    Path file = Files.write(directory.resolve("image"), expected);
    try (LoopDevice loop = LoopDevice.over(file, "--sector-size", "" + sector);
        BlockTarget target = Devices.openTarget(loop.path(), size, PLAIN)) {
      assertThat(target.startsAsZeros()).isFalse();
      for (int i = 0; i < 200; i++) {
        int unit = random.nextBoolean() ? 1 : sector;
        int offset = random.nextInt(size / unit) * unit;
        int length = Math.min(size - offset, (1 + random.nextInt(65536 / unit)) * unit);
        if (random.nextBoolean()) {
          byte[] bytes = Buffers.random(random.nextLong(), length);
          target.write(offset, Buffers.aligned(bytes));
          System.arraycopy(bytes, 0, expected, offset, length);
        } else {
          target.zero(new Extent(offset, length));
          Arrays.fill(expected, offset, offset + length, (byte) 0);
        }
      }
      target.flush();
      ByteBuffer back = Buffers.aligned(size);
      assertThat(target.read(0, back)).isEqualTo(size);
      assertThat(Buffers.content(back)).isEqualTo(expected);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
  }

  @Test
  void zerosGiveTheSpaceBelowAThinDeviceBack() throws Exception {
    Path file = Files.write(directory.resolve("image"), Buffers.random(1, 8 * MIB));
    try (LoopDevice loop = LoopDevice.over(file);
        BlockTarget target = Devices.openTarget(loop.path(), 8 * MIB, PLAIN)) {
      target.zero(new Extent(0, 8 * MIB));
      target.flush();
    }
    assertThat(NativeIo.status(file).allocatedBytes()).isLessThan(MIB);
    assertThat(Files.readAllBytes(file)).isEqualTo(new byte[8 * MIB]);
  }

  @Test
  void theKernelZeroesADeviceByItself() throws Exception {
    Path file = Files.write(directory.resolve("image"), Buffers.random(1, MIB));
    try (LoopDevice loop = LoopDevice.over(file);
        BlockFile device =
            Opening.open(loop.path(), NativeIo.status(loop.path()), NativeIo.O_RDWR)) {
      device.onDescriptor(
          fd -> {
            NativeIo.zeroOut(fd, 4096, 8192);
            return 0;
          });
      device.flush();
    }
    assertThat(Arrays.copyOfRange(Files.readAllBytes(file), 4096, 12288)).isEqualTo(new byte[8192]);
  }

  @Test
  void aReadOnlyDeviceCanBeBackedUp() throws Exception {
    byte[] bytes = Buffers.random(2, MIB);
    Path file = Files.write(directory.resolve("image"), bytes);
    try (LoopDevice loop = LoopDevice.over(file, "--read-only");
        BlockSource source = Devices.openSource(loop.path())) {
      ByteBuffer buffer = Buffers.aligned(MIB);
      source.read(0, buffer);
      assertThat(Buffers.content(buffer)).isEqualTo(bytes);
    }
  }

  @Test
  void aDeviceThatShrinksIsFoundByTheReadAndBeforeTheCommit() throws Exception {
    try (LoopDevice loop = LoopDevice.ofSize(directory.resolve("image"), 4 * MIB);
        BlockSource source = Devices.openSource(loop.path())) {
      loop.becomeBytes(MIB);
      assertThatThrownBy(() -> source.read(0, Buffers.aligned(2 * MIB)))
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("shrank")
          .hasMessageContaining("from 4194304 to 1048576");
      assertThatThrownBy(source::requireStillValid)
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining(loop.path().toString());
    }
  }

  @Test
  void aDeviceThatVanishesIsNoMereReadError() throws Exception {
    try (LoopDevice loop = LoopDevice.ofSize(directory.resolve("image"), 4 * MIB);
        BlockSource source = Devices.openSource(loop.path())) {
      loop.becomeBytes(0);
      assertThatThrownBy(() -> source.read(MIB, Buffers.aligned(65536)))
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("vanished");
      assertThatThrownBy(source::requireStillValid).isInstanceOf(DeviceFailed.class);
    }
  }

  @Test
  void aTargetThatShrinksWhileItIsWrittenIsAnError() throws Exception {
    try (LoopDevice loop = LoopDevice.ofSize(directory.resolve("image"), 4 * MIB);
        BlockTarget target = Devices.openTarget(loop.path(), 4 * MIB, PLAIN)) {
      loop.becomeBytes(MIB);
      assertThatThrownBy(() -> target.write(2 * MIB, Buffers.aligned(65536)))
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("shrank")
          .hasMessageContaining("from 4194304 to 1048576");
    }
  }
}
