package io.blockmover.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.TargetRefused;
import io.blockmover.api.source.BlockTarget;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileTargetTest {
  private static final int MIB = 1 << 20;
  private static final TargetOptions CREATE = new TargetOptions(false, true);
  private static final TargetOptions FORCE = new TargetOptions(true, false);
  private static final TargetOptions PLAIN = new TargetOptions(false, false);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 511, 4096, 4097, 1_000_001, 2 * MIB})
  void aNewFileOfAnySizeHoldsWhatWasWritten(int size) throws Exception {
    byte[] bytes = Buffers.random(size, size);
    Path file = directory.resolve("new");
    try (BlockTarget target = Devices.openTarget(file, size, CREATE)) {
      assertThat(target.startsAsZeros()).isTrue();
      assertThat(target.sizeBytes()).isEqualTo(size);
      target.write(0, Buffers.aligned(bytes));
      target.flush();
      ByteBuffer back = Buffers.aligned(size + 4096);
      assertThat(target.read(0, back)).isEqualTo(size);
      assertThat(Buffers.content(back)).isEqualTo(bytes);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
  }

  @Test
  void writesAndZerosAtAnyPlaceFromAnyMemoryAreExact() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int size = 300_000 + random.nextInt(5000);
    byte[] expected = new byte[size];
    Path file = directory.resolve("random");
    try (BlockTarget target = Devices.openTarget(file, size, CREATE)) {
      for (int i = 0; i < 300; i++) {
        int offset = random.nextInt(size);
        int length = 1 + random.nextInt(Math.min(size - offset, 1 << random.nextInt(1, 18)));
        if (random.nextBoolean()) {
          byte[] bytes = Buffers.random(random.nextLong(), length);
          ByteBuffer from = random.nextBoolean() ? ByteBuffer.wrap(bytes) : Buffers.aligned(bytes);
          target.write(offset, from);
          assertThat(from.hasRemaining()).isFalse();
          System.arraycopy(bytes, 0, expected, offset, length);
        } else {
          target.zero(new Extent(offset, length));
          Arrays.fill(expected, offset, offset + length, (byte) 0);
        }
        int from = random.nextInt(size);
        ByteBuffer back = ByteBuffer.allocate(random.nextInt(20_000));
        int got = target.read(from, back);
        assertThat(got).isEqualTo(Math.min(size - from, back.capacity()));
        assertThat(Buffers.content(back)).isEqualTo(Arrays.copyOfRange(expected, from, from + got));
      }
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
  }

  @Test
  void threadsThatShareABlockDoNotUndoEachOther() throws Exception {
    int piece = 100;
    byte[] expected = Buffers.random(8, 200 * piece);
    Path file = directory.resolve("shared");
    try (BlockTarget target = Devices.openTarget(file, expected.length, CREATE);
        var threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Void>> writes = new ArrayList<>();
      for (int at = 0; at < expected.length; at += piece) {
        int offset = at;
        writes.add(
            () -> {
              target.write(offset, ByteBuffer.wrap(expected, offset, piece));
              return null;
            });
      }
      Collections.shuffle(writes, new Random(8));
      for (var done : threads.invokeAll(writes)) {
        done.get();
      }
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
  }

  @Test
  void zerosBecomeHoles() throws Exception {
    Path file = directory.resolve("holes");
    try (BlockTarget target = Devices.openTarget(file, 8 * MIB, CREATE)) {
      assertThat(allocated(file)).isZero();
      target.write(0, Buffers.aligned(Buffers.random(1, 8 * MIB)));
      target.flush();
      assertThat(allocated(file)).isGreaterThanOrEqualTo(8 * MIB);
      target.zero(new Extent(MIB, 7 * MIB));
      target.flush();
    }
    assertThat(allocated(file)).isLessThan(2 * MIB);
    assertThat(Files.size(file)).isEqualTo(8 * MIB);
  }

  @Test
  void theLastPartialBlockIsGivenBackToo() throws Exception {
    Path file = directory.resolve("holes");
    try (BlockTarget target = Devices.openTarget(file, 5000, CREATE)) {
      target.write(0, Buffers.aligned(Buffers.random(1, 5000)));
      target.flush();
      target.zero(new Extent(0, 5000));
      target.flush();
    }
    assertThat(allocated(file)).isZero();
    assertThat(Files.readAllBytes(file)).isEqualTo(new byte[5000]);
  }

  @Test
  void aMissingFileIsMadeOnlyOnDemandAndNeverAmongDevices() {
    assertThatThrownBy(() -> Devices.openTarget(directory.resolve("x"), 10, PLAIN))
        .isInstanceOf(TargetRefused.class)
        .hasMessageContaining("does not exist");
    assertThat(directory.resolve("x")).doesNotExist();
    Path typo = Path.of("/dev/no-such-disk");
    assertThatThrownBy(() -> Devices.openTarget(typo, 10, CREATE))
        .isInstanceOf(TargetRefused.class)
        .hasMessageContaining("does not exist");
    assertThat(typo).doesNotExist();
    assertThatThrownBy(() -> Devices.openTarget(directory.resolve("no/x"), 10, CREATE))
        .isInstanceOf(TargetRefused.class);
  }

  @Test
  void aFileThatCannotBeThatLargeLeavesNothingBehind() throws Exception {
    Path file = directory.resolve("huge");
    Path allowed = Files.createFile(directory.resolve("allowed"));
    Command.skipUnless(!canBeHuge(allowed), "needs a file system that limits the size of files");
    assertThatThrownBy(() -> Devices.openTarget(file, Long.MAX_VALUE, CREATE))
        .hasMessageContaining("EFBIG");
    assertThat(file).doesNotExist();
  }

  private static boolean canBeHuge(Path file) {
    try {
      LoopDevice.resize(file, Long.MAX_VALUE);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aFileThatHoldsSomethingIsRefusedWithoutForceAndUntouched() throws Exception {
    byte[] bytes = Buffers.random(7, 10_000);
    Path file = Files.write(directory.resolve("old"), bytes);
    assertThatThrownBy(() -> Devices.openTarget(file, 20_000, CREATE))
        .isInstanceOf(TargetRefused.class)
        .hasMessageContaining("holds 10000 bytes");
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
  }

  @Test
  void anExistingFileIsKeptWithForceAndOnlyEverEnlarged() throws Exception {
    byte[] bytes = Buffers.random(7, 10_000);
    Path file = Files.write(directory.resolve("old"), bytes);
    try (BlockTarget target = Devices.openTarget(file, 20_000, FORCE)) {
      assertThat(target.startsAsZeros()).isFalse();
      assertThat(target.sizeBytes()).isEqualTo(20_000);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(Arrays.copyOf(bytes, 20_000));
    try (BlockTarget target = Devices.openTarget(file, 100, FORCE)) {
      assertThat(target.sizeBytes()).isEqualTo(20_000);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(Arrays.copyOf(bytes, 20_000));
  }

  @Test
  void aFileThatIsOneHoleNeedsNoForce() throws Exception {
    Path file = directory.resolve("hole");
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(MIB);
    }
    try (BlockTarget target = Devices.openTarget(file, MIB, PLAIN)) {
      assertThat(target.startsAsZeros()).isTrue();
    }
  }

  @Test
  void whatIsNoVolumeIsRefusedByItsKind() {
    assertThatThrownBy(() -> Devices.openTarget(directory, 1, FORCE))
        .isInstanceOf(TargetRefused.class)
        .hasMessageContaining("is a directory");
    assertThatThrownBy(() -> Devices.openTarget(Path.of("/dev/null"), 1, FORCE))
        .isInstanceOf(TargetRefused.class)
        .hasMessageContaining("is a character device");
  }

  @Test
  void aFullFileSystemIsNamedWithTheOffset() throws Exception {
    Command.assumeRootAnd("mount", "umount");
    Command.run("mount", "-t", "tmpfs", "-o", "size=1m", "none", directory.toString());
    try (BlockTarget target = Devices.openTarget(directory.resolve("f"), 4 * MIB, CREATE)) {
      target.write(0, Buffers.aligned(65536));
      assertThatThrownBy(
              () -> {
                target.write(65536, Buffers.aligned(2 * MIB));
                target.flush();
              })
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("no space left");
    } finally {
      Command.run("umount", "--lazy", directory.toString());
    }
  }

  @Test
  void aClosedTargetSaysSo() throws Exception {
    BlockTarget target = Devices.openTarget(directory.resolve("f"), 8192, CREATE);
    target.close();
    target.close();
    assertThatThrownBy(() -> target.write(0, Buffers.aligned(4096)))
        .isInstanceOf(DeviceFailed.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> target.zero(new Extent(0, 4096))).isInstanceOf(DeviceFailed.class);
    assertThatThrownBy(target::flush).isInstanceOf(DeviceFailed.class);
  }

  @Test
  void nothingIsWrittenPastTheEnd() throws Exception {
    try (BlockTarget target = Devices.openTarget(directory.resolve("f"), 4096, CREATE)) {
      assertThatThrownBy(() -> target.write(4000, ByteBuffer.allocate(97)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> target.zero(new Extent(4096, 1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static long allocated(Path file) throws Exception {
    return NativeIo.status(file).allocatedBytes();
  }
}
