package io.blockmover.repository.store;

import io.blockmover.api.CorruptData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Whole reads and writes of file channels. */
final class FileTransfer {

  /**
   * The JDK copies heap buffers through a direct buffer of the same size that it keeps per thread;
   * slices keep that one small.
   */
  private static final int HEAP_SLICE_BYTES = 1 << 20;

  private FileTransfer() {}

  /** Writes all that remains of a buffer at the channel's position; the buffer is left alone. */
  static void writeFully(FileChannel channel, ByteBuffer body) throws IOException {
    ByteBuffer rest = body.duplicate();
    int end = rest.limit();
    while (rest.position() < end) {
      rest.limit(sliceEnd(rest, end));
      channel.write(rest);
      rest.limit(end);
    }
  }

  /** Fills a buffer from an offset. */
  static void readFully(FileChannel channel, String key, long offset, ByteBuffer into)
      throws IOException {
    int start = into.position();
    int end = into.limit();
    while (into.position() < end) {
      into.limit(sliceEnd(into, end));
      int read = channel.read(into, offset + into.position() - start);
      into.limit(end);
      if (read < 0) {
        into.position(start);
        throw new CorruptData(
            key, "at least " + (offset + end - start) + " bytes", channel.size() + " bytes");
      }
    }
  }

  private static int sliceEnd(ByteBuffer buffer, int end) {
    return buffer.isDirect() ? end : Math.min(end, buffer.position() + HEAP_SLICE_BYTES);
  }
}
