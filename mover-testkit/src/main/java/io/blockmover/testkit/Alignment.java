package io.blockmover.testkit;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** What a device with O_DIRECT refuses, refused by the fakes too. */
final class Alignment {

  private Alignment() {}

  static void require(int alignmentBytes, long offset, ByteBuffer buffer) {
    if (alignmentBytes == 1) {
      return;
    }
    if (!buffer.isDirect()) {
      throw new IllegalArgumentException("an aligned device wants a direct buffer");
    }
    long address = MemorySegment.ofBuffer(buffer).address();
    if ((offset | buffer.remaining() | address) % alignmentBytes != 0) {
      throw new IllegalArgumentException(
          "not aligned to "
              + alignmentBytes
              + ": offset "
              + offset
              + ", length "
              + buffer.remaining()
              + ", address "
              + address);
    }
  }
}
