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
  private static final int PIECE_BYTES = 256 << 10;

  private final DeviceTarget collected;
  private final OutputStream out;
  private boolean copied;

  private StreamTarget(DeviceTarget collected, OutputStream out) {
    this.collected = collected;
    this.out = out;
  }

  static StreamTarget open(String name, OutputStream out, long sizeBytes, Path spoolDirectory)
      throws MoverException {
    try (Spool spool = Spool.create(name, spoolDirectory)) {
      return new StreamTarget(spool.asTarget(sizeBytes), out);
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
    byte[] piece = new byte[PIECE_BYTES];
    long done = 0;
    try {
      while (done < sizeBytes()) {
        int length = collected.read(done, ByteBuffer.wrap(piece));
        out.write(piece, 0, length);
        done += length;
      }
      out.flush();
    } catch (MoverException e) {
      throw e;
    } catch (IOException e) {
      throw new DeviceFailed(
          name() + " cannot be written at offset " + done + ": " + e.getMessage(),
          "check the program that reads from it",
          e);
    }
  }

  @Override
  public void close() {
    collected.close();
  }
}
