package io.blockmover.repository.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Writes the bulk of a pack past the page cache: nobody reads it again soon, and copying it there
 * costs as much as encrypting it.
 */
final class DirectWrite {

  private static final int WORTHWHILE_BYTES = 1 << 20;
  private static final int ALIGNMENT = 4096;

  private static final Optional<OpenOption> DIRECT = find();

  private DirectWrite() {}

  /** By name: javac calls whatever is in module jdk.unsupported proprietary, beyond suppression. */
  private static Optional<OpenOption> find() {
    try {
      Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
      return Optional.of((OpenOption) options.getField("DIRECT").get(null));
    } catch (ReflectiveOperationException e) {
      return Optional.empty();
    }
  }

  /**
   * Makes a new file and writes as much of a large, aligned direct buffer to it as can be written
   * directly; the buffer's position moves by that. Does nothing, or less, where the file system or
   * the buffer does not allow it: the rest is for the caller to append.
   */
  static void alignedPart(Path file, ByteBuffer body) throws IOException {
    if (DIRECT.isEmpty()
        || !body.isDirect()
        || body.remaining() < WORTHWHILE_BYTES
        || body.alignmentOffset(body.position(), ALIGNMENT) != 0) {
      return;
    }
    ByteBuffer part = body.duplicate();
    part.limit(part.position() + part.remaining() / ALIGNMENT * ALIGNMENT);
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, DIRECT.get())) {
      while (part.hasRemaining() && part.remaining() % ALIGNMENT == 0) {
        channel.write(part);
      }
      body.position(part.position());
    } catch (UnsupportedOperationException e) {
      return; // a file system without direct I/O: the caller appends everything
    }
  }
}
