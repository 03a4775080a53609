package io.blockmover.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.Cancelled;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ExtentCursor;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSourceTest {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 511, 512, 513, 4095, 4096, 4097, 1_000_001, MIB})
  void everyByteOfAFileOfAnySizeIsRead(int size) throws Exception {
    byte[] bytes = Buffers.random(size, size);
    try (BlockSource source = Devices.openSource(fileOf(bytes))) {
      assertThat(source.sizeBytes()).isEqualTo(size);
      ByteBuffer buffer = Buffers.aligned(2 * MIB);
      assertThat(source.read(0, buffer)).isEqualTo(size);
      assertThat(Buffers.content(buffer)).isEqualTo(bytes);
      assertThat(source.read(size, Buffers.aligned(4096))).isZero();
    }
  }

  @Test
  void aReadInTheMiddleFillsTheBufferAndNoMore() throws Exception {
    byte[] bytes = Buffers.random(1, MIB);
    try (BlockSource source = Devices.openSource(fileOf(bytes))) {
      ByteBuffer buffer = Buffers.aligned(8192);
      assertThat(source.read(65536, buffer)).isEqualTo(8192);
      assertThat(Buffers.content(buffer)).isEqualTo(Arrays.copyOfRange(bytes, 65536, 73728));
    }
  }

  @Test
  void anEmptyFileIsAnEmptyVolume() throws Exception {
    try (BlockSource source = Devices.openSource(fileOf(new byte[0]))) {
      assertThat(source.sizeBytes()).isZero();
      assertThat(source.read(0, Buffers.aligned(4096))).isZero();
      source.requireStillValid();
    }
  }

  @Test
  void onlyWhatIsNotAHoleCountsAsAllocated() throws Exception {
    Path file = directory.resolve("sparse");
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(8 * MIB);
      out.seek(2 * MIB);
      out.write(Buffers.random(2, MIB));
      out.seek(6 * MIB);
      out.write(Buffers.random(3, 4096));
    }
    try (BlockSource source = Devices.openSource(file)) {
      assertThat(extents(source, new Extent(0, 8 * MIB)))
          .containsExactly(new Extent(2 * MIB, MIB), new Extent(6 * MIB, 4096));
      assertThat(extents(source, Extent.between(2 * MIB + 4096, 3 * MIB - 4096)))
          .containsExactly(Extent.between(2 * MIB + 4096, 3 * MIB - 4096));
      assertThat(extents(source, Extent.between(7 * MIB, 8 * MIB))).isEmpty();
      assertThat(extents(source, Extent.between(0, MIB))).isEmpty();
    }
  }

  @Test
  void manyThreadsReadAtOnce() throws Exception {
    byte[] bytes = Buffers.random(4, 4 * MIB + 77);
    try (BlockSource source = Devices.openSource(fileOf(bytes));
        var threads = Executors.newFixedThreadPool(8)) {
      List<Callable<byte[]>> reads = new ArrayList<>();
      for (int at = 0; at < bytes.length; at += 65536) {
        int offset = at;
        reads.add(
            () -> {
              ByteBuffer buffer = Buffers.aligned(65536);
              source.read(offset, buffer);
              return Buffers.content(buffer);
            });
      }
      List<Future<byte[]>> done = threads.invokeAll(reads);
      for (int i = 0; i < done.size(); i++) {
        int end = Math.min(bytes.length, (i + 1) * 65536);
        assertThat(done.get(i).get()).isEqualTo(Arrays.copyOfRange(bytes, i * 65536, end));
      }
    }
  }

  @Test
  void anUnalignedReadIsAnErrorOfTheCaller() throws Exception {
    try (BlockSource source = Devices.openSource(fileOf(new byte[MIB]))) {
      Command.skipUnless(source.alignmentBytes() > 1, "needs a file system with O_DIRECT");
      int wrong = source.alignmentBytes() / 2;
      assertThatThrownBy(() -> source.read(wrong, Buffers.aligned(4096)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> source.read(0, ByteBuffer.allocate(4096)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> source.read(2 * MIB, Buffers.aligned(4096)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aFileThatShrinksWhileItIsReadIsNamedWithBothSizes() throws Exception {
    Path file = fileOf(Buffers.random(5, MIB));
    try (BlockSource source = Devices.openSource(file)) {
      truncate(file, 65536);
      assertThatThrownBy(() -> source.read(0, Buffers.aligned(MIB)))
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("shrank")
          .hasMessageContaining("from 1048576 to 65536");
      assertThatThrownBy(source::requireStillValid).isInstanceOf(DeviceFailed.class);
    }
  }

  @Test
  void aFileThatGrowsIsNoLongerOneMoment() throws Exception {
    Path file = fileOf(new byte[4096]);
    try (BlockSource source = Devices.openSource(file)) {
      source.requireStillValid();
      truncate(file, 8192);
      assertThatThrownBy(source::requireStillValid)
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("grew");
    }
  }

  @Test
  void aFileThatIsWrittenToWhileItIsReadIsNoticed() throws Exception {
    Path file = fileOf(new byte[4096]);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    try (DeviceSource source = (DeviceSource) Devices.openSource(file)) {
      assertThat(source.isWrittenTo()).isFalse();
      try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
        out.write(1);
      }
      assertThat(source.isWrittenTo()).isTrue();
    }
  }

  @Test
  void aClosedSourceSaysSo() throws Exception {
    BlockSource source = Devices.openSource(fileOf(new byte[4096]));
    source.close();
    source.close();
    assertThatThrownBy(() -> source.read(0, Buffers.aligned(4096)))
        .isInstanceOf(DeviceFailed.class)
        .hasMessageContaining("closed");
  }

  @Test
  void anInterruptedThreadStopsAndStaysInterrupted() throws Exception {
    try (BlockSource source = Devices.openSource(fileOf(new byte[4096]))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> source.read(0, Buffers.aligned(4096))).isInstanceOf(Cancelled.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void whatIsNoVolumeIsRefusedByItsKind() {
    assertThatThrownBy(() -> Devices.openSource(directory))
        .isInstanceOf(DeviceFailed.class)
        .hasMessageContaining("is a directory");
    assertThatThrownBy(() -> Devices.openSource(Path.of("/dev/null")))
        .isInstanceOf(DeviceFailed.class)
        .hasMessageContaining("is a character device");
    assertThatThrownBy(() -> Devices.openSource(directory.resolve("missing")))
        .isInstanceOf(DeviceFailed.class)
        .hasMessageContaining("does not exist");
  }

  private Path fileOf(byte[] bytes) throws Exception {
    return Files.write(directory.resolve("image"), bytes);
  }

  private static void truncate(Path file, long size) throws Exception {
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(size);
    }
  }

  private static List<Extent> extents(BlockSource source, Extent within) throws Exception {
    List<Extent> found = new ArrayList<>();
    try (ExtentCursor cursor = source.allocated(within).orElseThrow()) {
      for (Extent next = cursor.next(); next != null; next = cursor.next()) {
        found.add(next);
      }
    }
    return found;
  }
}
