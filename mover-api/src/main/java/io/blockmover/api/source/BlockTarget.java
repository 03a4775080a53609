package io.blockmover.api.source;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import java.nio.ByteBuffer;

/**
 * A volume to write. Calls are positional, block, and may be made from many threads at once for
 * extents that do not overlap.
 */
public interface BlockTarget extends AutoCloseable {

  /** What the user calls it; for messages. */
  String name();

  /** The size in bytes, constant; writes past it are refused. */
  long sizeBytes();

  /**
   * Offsets, lengths and buffer addresses should be multiples of this power of two; others work but
   * may be slower.
   */
  int alignmentBytes();

  /** Whether the whole target is known to read as zeros now (a file just made). */
  boolean startsAsZeros();

  /**
   * Writes the buffer's remaining bytes; on return its position is its limit. Durable only after
   * {@link #flush()}.
   *
   * @throws io.blockmover.api.DeviceFailed if the device answers with an error or is full
   */
  void write(long offset, ByteBuffer from) throws MoverException;

  /**
   * Makes the extent read as zeros, by the cheapest way the target has (BLKZEROOUT, a hole).
   *
   * @throws io.blockmover.api.DeviceFailed if the device answers with an error
   */
  void zero(Extent extent) throws MoverException;

  /**
   * Reads back, as {@link BlockSource#read}, from the device and not from a cache where possible.
   *
   * @throws io.blockmover.api.DeviceFailed if it cannot be read
   */
  int read(long offset, ByteBuffer into) throws MoverException;

  /**
   * Returns when everything written is durable.
   *
   * @throws io.blockmover.api.DeviceFailed if that cannot be had; what was written is then unknown
   */
  void flush() throws MoverException;

  /** Closes the target without flushing. Repeating is harmless. */
  @Override
  void close();
}
