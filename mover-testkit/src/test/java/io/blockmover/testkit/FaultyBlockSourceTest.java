package io.blockmover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.SourceReadFailed;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FaultyBlockSourceTest {

  private final FaultyBlockSource source =
      new FaultyBlockSource(new MemoryBlockSource(new byte[1000]));

  @Test
  void aBadPlaceFailsWhatTouchesItAndNothingElse() throws Exception {
    source.badAt(new Extent(100, 10)).badAt(new Extent(500, 1), 2);
    assertThat(read(0, 100)).isEqualTo(100);
    assertThatThrownBy(() -> read(0, 101)).isInstanceOf(SourceReadFailed.class);
    assertThatThrownBy(() -> read(109, 1)).isInstanceOf(SourceReadFailed.class);
    assertThat(read(110, 100)).isEqualTo(100);
    assertThatThrownBy(() -> read(500, 1)).isInstanceOf(SourceReadFailed.class);
    assertThatThrownBy(() -> read(500, 1)).isInstanceOf(SourceReadFailed.class);
    assertThat(read(500, 1)).isEqualTo(1);
    assertThat(source.failures()).isEqualTo(4);
  }

  @Test
  void aShrunkenDeviceFailsBehindItsNewEndAndIsNotValid() throws Exception {
    source.requireStillValid();
    source.shrinkTo(600);
    assertThat(read(0, 600)).isEqualTo(600);
    assertThatThrownBy(() -> read(600, 1)).isInstanceOf(DeviceFailed.class);
    assertThatThrownBy(source::requireStillValid).isInstanceOf(DeviceFailed.class);
    assertThat(source.sizeBytes()).isEqualTo(1000);
  }

  @Test
  void aDeviceVanishesAfterSoManyReads() throws Exception {
    source.vanishAfter(1);
    assertThat(read(0, 10)).isEqualTo(10);
    assertThatThrownBy(() -> read(0, 10)).isInstanceOf(DeviceFailed.class);
    assertThatThrownBy(source::requireStillValid).isInstanceOf(DeviceFailed.class);
  }

  private int read(long offset, int length) throws Exception {
    return source.read(offset, ByteBuffer.allocate(length));
  }
}
