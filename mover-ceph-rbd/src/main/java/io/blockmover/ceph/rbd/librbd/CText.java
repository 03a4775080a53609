package io.blockmover.ceph.rbd.librbd;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Words and texts that C functions leave in memory. */
final class CText {

  private static final int FIRST_TRY_BYTES = 256;
  private static final int LARGEST_BYTES = 1 << 20;

  /** A call that fills a buffer of a size, and answers {@code -ERANGE} if that is too small. */
  interface Filler {
    int fill(long buffer, long size);
  }

  private CText() {}

  /** The text that a pointer points to; empty for a null pointer. */
  static String at(long pointer) {
    return pointer == 0
        ? ""
        : MemorySegment.ofAddress(pointer).reinterpret(Long.MAX_VALUE).getString(0);
  }

  /** The bytes that a pointer points to; none for a null pointer. */
  static byte[] bytesAt(long pointer, long length) {
    return pointer == 0
        ? new byte[0]
        : MemorySegment.ofAddress(pointer).reinterpret(length).toArray(ValueLayout.JAVA_BYTE);
  }

  /** The address of a text with its terminating zero. */
  static long of(Arena arena, String text) {
    return arena.allocateFrom(text).address();
  }

  /** A word of a struct, or behind an out parameter. */
  static long word(MemorySegment struct, long offset) {
    return struct.get(JAVA_LONG, offset);
  }

  /**
   * Asks with larger and larger buffers.
   *
   * @throws CephFailure with any answer below zero but {@code -ERANGE}
   */
  static String filled(NativeFunction function, String subject, Filler filler) throws CephFailure {
    for (int size = FIRST_TRY_BYTES; ; size *= 4) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment buffer = arena.allocate(size);
        int result = filler.fill(buffer.address(), size);
        if (result >= 0) {
          return buffer.getString(0);
        }
        if (-result != CephErrno.BUFFER_TOO_SMALL.number() || size >= LARGEST_BYTES) {
          throw function.failure(subject, result);
        }
      }
    }
  }
}
