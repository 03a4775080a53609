package io.blockmover.api.source;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ExtentCursor;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A volume to read. Reads are positional, block, and may be made from many threads at once; they
 * are meant for platform threads.
 */
public interface BlockSource extends AutoCloseable {

  /** What the user calls it; for messages. */
  String name();

  /** The size in bytes, constant for the life of the source; need not be a multiple of anything. */
  long sizeBytes();

  /**
   * Offsets, lengths and the memory addresses of buffers must be multiples of this power of two; 1
   * if anything goes. A length may reach past the end of the volume for the sake of it.
   */
  int alignmentBytes();

  /**
   * A token that is equal for two sources only if they hold the same bytes for ever: a snapshot's
   * id. Empty for anything that can change, such as a live device or a file.
   */
  Optional<String> immutableIdentity();

  /**
   * Reads from {@code offset} until the buffer is full or the volume ends; the buffer's position
   * advances by the number of bytes read, which is returned. Never returns fewer bytes otherwise,
   * and 0 only at the end of the volume.
   *
   * @param offset from 0 to the size
   * @param into a direct buffer, aligned as declared
   * @throws io.blockmover.api.SourceReadFailed if the device answers with an error
   * @throws io.blockmover.api.DeviceFailed if the device vanished or shrank, or the source is
   *     closed
   * @throws io.blockmover.api.Cancelled if the thread is interrupted; the flag stays set
   */
  int read(long offset, ByteBuffer into) throws MoverException;

  /**
   * The extents that may hold something other than zeros, ascending and disjoint, if the source
   * knows (holes of files); empty if it does not. What lies outside reads as zeros.
   */
  default Optional<ExtentCursor> allocated(Extent within) throws MoverException {
    return Optional.empty();
  }

  /**
   * Asked once before a backup commits: whether what was read is still one moment of the volume.
   *
   * @throws io.blockmover.api.DeviceFailed with the reason if it is not
   */
  default void requireStillValid() throws MoverException {}

  /** Closes the source. Repeating is harmless. */
  @Override
  void close();
}
