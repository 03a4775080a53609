package io.blockmover.cli.cbt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * Two devices, of which one is to become what the other is by copying listed extents; as the
 * reference verifier does it.
 */
public final class DevicePair implements AutoCloseable {

  private static final int CHUNK_BYTES = 1 << 20;

  private final FileChannel source;
  private final FileChannel target;
  private final ByteBuffer first = ByteBuffer.allocateDirect(CHUNK_BYTES);
  private final ByteBuffer second = ByteBuffer.allocateDirect(CHUNK_BYTES);

  private DevicePair(FileChannel source, FileChannel target) {
    this.source = source;
    this.target = target;
  }

  /**
   * Opens both.
   *
   * @param source only read
   * @param target written
   * @throws IOException if one cannot be opened, or both are the same
   */
  public static DevicePair open(Path source, Path target) throws IOException {
    if (source.toRealPath().equals(target.toRealPath())) {
      throw new IOException(source + " and " + target + " are the same device");
    }
    FileChannel from = FileChannel.open(source, StandardOpenOption.READ);
    try {
      return new DevicePair(
          from, FileChannel.open(target, StandardOpenOption.READ, StandardOpenOption.WRITE));
    } catch (IOException e) {
      from.close();
      throw e;
    }
  }

  /** Copies an extent; the source's end ends it. */
  public void copy(long offset, long length) throws IOException {
    long at = offset;
    long left = length;
    while (left > 0) {
      int got = read(source, first, at, (int) Math.min(left, CHUNK_BYTES));
      if (got == 0) {
        return;
      }
      long to = at;
      while (first.hasRemaining()) {
        to += target.write(first, to);
      }
      at += got;
      left -= got;
    }
  }

  /** The first offset at which the two differ, in content or in length; empty if nowhere. */
  public OptionalLong firstDifference() throws IOException {
    target.force(false);
    for (long at = 0; ; at += CHUNK_BYTES) {
      int one = read(source, first, at, CHUNK_BYTES);
      int other = read(target, second, at, CHUNK_BYTES);
      int differs = first.mismatch(second);
      if (differs >= 0) {
        return OptionalLong.of(at + differs);
      }
      if (one < CHUNK_BYTES || other < CHUNK_BYTES) {
        return OptionalLong.empty();
      }
    }
  }

  /** Reads until the buffer holds so many bytes or the device ends, and makes it ready to read. */
  private static int read(FileChannel from, ByteBuffer to, long offset, int length)
      throws IOException {
    to.clear().limit(length);
    int got;
    do {
      got = from.read(to, offset + to.position());
    } while (got > 0 && to.hasRemaining());
    to.flip();
    return to.remaining();
  }

  @Override
  public void close() throws IOException {
    try (source) {
      target.close();
    }
  }
}
