package io.blockmover.engine.device;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A target that ends in a stream. A restore writes out of order and a stream cannot, so everything
 * is collected first; the flush copies it.
 */
final class StreamTarget implements BlockTarget {
  private final Spool spool;
  private final DeviceTarget collected;
  private final StreamFormat format;
  private final OutputStream out;
  private boolean copied;
  private boolean closed;

  private StreamTarget(Spool spool, DeviceTarget collected, StreamFormat format, OutputStream out) {
    this.spool = spool;
    this.collected = collected;
    this.format = format;
    this.out = out;
  }

  static StreamTarget open(
      String name, OutputStream out, StreamFormat format, long sizeBytes, Path spoolDirectory)
      throws MoverException {
    Spool spool = Spool.create(name, spoolDirectory);
    try {
      return new StreamTarget(spool, spool.asTarget(sizeBytes), format, out);
    } catch (MoverException | RuntimeException e) {
      spool.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return collected.name();
  }

  @Override
  public long sizeBytes() {
    return collected.sizeBytes();
  }

  @Override
  public int alignmentBytes() {
    return collected.alignmentBytes();
  }

  @Override
  public boolean startsAsZeros() {
    return true;
  }

  @Override
  public void write(long offset, ByteBuffer from) throws MoverException {
    collected.write(offset, from);
  }

  @Override
  public void zero(Extent extent) throws MoverException {
    collected.zero(extent);
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    return collected.read(offset, into);
  }

  /** Copies everything to the stream; once, a stream cannot take anything back. */
  @Override
  public synchronized void flush() throws MoverException {
    if (copied) {
      return;
    }
    copied = true;
    CountedStream counted = new CountedStream(out);
    try (DeviceSource volume = spool.asSource(sizeBytes())) {
      format.write(volume, counted);
      counted.flush();
    } catch (IOException e) {
      throw new DeviceFailed(
          name() + " cannot be written at offset " + counted.bytes() + ": " + e.getMessage(),
          "check the program that reads from it, and its disk",
          e);
    }
  }

  @Override
  public void close() {
    collected.close();
    if (!closed) {
      closed = true;
      spool.close();
    }
  }
}
