package io.blockmover.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.tracking.ExtentCursor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandardStreamsTest {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;

  @AfterEach
  void noTemporaryFileIsLeft() throws Exception {
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65536, 1_000_001})
  void aStreamOfAnyLengthBecomesAVolume(int size) throws Exception {
    byte[] bytes = Buffers.random(size, size);
    try (BlockSource source =
        StandardInput.copied("input", new ByteArrayInputStream(bytes), directory)) {
      assertThat(source.name()).isEqualTo("input");
      assertThat(source.sizeBytes()).isEqualTo(size);
      ByteBuffer buffer = Buffers.aligned(2 * MIB);
      assertThat(source.read(0, buffer)).isEqualTo(size);
      assertThat(Buffers.content(buffer)).isEqualTo(bytes);
    }
  }

  @Test
  void zerosOfAStreamTakeNoRoomAndAreHoles() throws Exception {
    byte[] bytes = new byte[4 * MIB + 10];
    System.arraycopy(Buffers.random(1, 65536), 0, bytes, MIB, 65536);
    try (BlockSource source =
            StandardInput.copied("input", new ByteArrayInputStream(bytes), directory);
        ExtentCursor data = source.allocated(new Extent(0, bytes.length)).orElseThrow()) {
      assertThat(source.sizeBytes()).isEqualTo(bytes.length);
      assertThat(data.next()).isEqualTo(new Extent(MIB, 65536));
      assertThat(data.next()).isNull();
    }
  }

  @Test
  void aStreamThatBreaksIsNotTakenForItsBeginning() {
    InputStream beginning = new ByteArrayInputStream(Buffers.random(2, 100_000));
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("pipe broke");
          }
        };
    InputStream breaking = new SequenceInputStream(beginning, broken);
    assertThatThrownBy(() -> StandardInput.copied("input", breaking, directory))
        .isInstanceOf(DeviceFailed.class)
        .hasMessageContaining("pipe broke");
  }

  @Test
  void whatWasWrittenInAnyOrderLeavesInOrder() throws Exception {
    byte[] bytes = Buffers.random(3, MIB + 123);
    Arrays.fill(bytes, 100_000, 300_000, (byte) 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (BlockTarget target =
        Devices.openStream("output", out, StreamFormat.RAW, bytes.length, directory)) {
      assertThat(target.startsAsZeros()).isTrue();
      target.write(300_000, ByteBuffer.wrap(bytes, 300_000, bytes.length - 300_000));
      target.zero(new Extent(200_000, 1000));
      target.write(0, ByteBuffer.wrap(bytes, 0, 100_000));
      assertThat(out.size()).isZero();
      target.flush();
      target.flush();
    }
    assertThat(out.toByteArray()).isEqualTo(bytes);
  }

  @Test
  void aReaderThatGoesAwayIsAnError() throws Exception {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    try (BlockTarget target =
        Devices.openStream("output", closed, StreamFormat.RAW, 10, directory)) {
      assertThatThrownBy(target::flush)
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("Broken pipe");
    }
  }

  @Test
  void aMissingDirectoryIsNamed() {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(
            () ->
                Devices.openStream(
                    "output", new ByteArrayOutputStream(), StreamFormat.RAW, 1, missing))
        .isInstanceOf(DeviceFailed.class)
        .hasMessageContaining(missing.toString());
  }
}
