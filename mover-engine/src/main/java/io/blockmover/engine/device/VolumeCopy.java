package io.blockmover.engine.device;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Copies parts of a volume to streams, whatever the alignment of its reads. For one thread. */
public final class VolumeCopy implements AutoCloseable {
  private static final int PIECE_BYTES = 1 << 20;

  private final BlockSource volume;
  private final AlignedBufferPool buffers = new AlignedBufferPool(1, PIECE_BYTES);
  private final byte[] piece = new byte[PIECE_BYTES];

  /**
   * @param volume stays the caller's to close
   */
  public VolumeCopy(BlockSource volume) {
    this.volume = volume;
  }

  /**
   * Copies the bytes from {@code start} to {@code end}, which is at most the size.
   *
   * @throws MoverException if the volume cannot be read
   * @throws IOException if the stream does not take them
   */
  public void copy(long start, long end, OutputStream out) throws MoverException, IOException {
    ByteBuffer buffer = buffers.take();
    try {
      long position = start / PIECE_BYTES * PIECE_BYTES;
      for (; position < end; position += PIECE_BYTES) {
        buffer.clear();
        int length = volume.read(position, buffer);
        int from = (int) Math.max(0, start - position);
        int to = (int) Math.min(length, end - position);
        buffer.flip().get(piece, 0, length);
        out.write(piece, from, to - from);
      }
    } finally {
      buffers.giveBack(buffer);
    }
  }

  @Override
  public void close() {
    buffers.close();
  }
}
