package io.blockmover.engine.backup;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.SourceReadFailed;
import io.blockmover.api.source.BlockSource;
import io.blockmover.engine.progress.Progress;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads stretches of the source, tries again where a read fails, and where the user allows it
 * narrows down what cannot be read and leaves zeros there.
 */
final class SourceReader {

  private static final Logger LOG = LoggerFactory.getLogger(SourceReader.class);
  private static final int ATTEMPTS = 3;
  private static final int NARROWEST_BYTES = 4096;

  private final BlockSource source;
  private final boolean skipBadBlocks;
  private final Progress progress;

  SourceReader(BlockSource source, boolean skipBadBlocks, Progress progress) {
    this.source = source;
    this.skipBadBlocks = skipBadBlocks;
    this.progress = progress;
  }

  /**
   * Fills the first {@code extent.length()} bytes of {@code into}.
   *
   * @param into from position 0, with room for the length rounded up to the source's alignment
   * @param bad receives what could not be read and is zeros
   * @throws SourceReadFailed if a place cannot be read and may not be skipped
   */
  void read(Extent extent, ByteBuffer into, List<Extent> bad) throws MoverException {
    try {
      readWithRetries(extent, into);
    } catch (SourceReadFailed e) {
      if (!skipBadBlocks) {
        throw e;
      }
      narrow(extent, into, bad);
    }
    progress.read(extent.length());
  }

  /**
   * Reads a place only to see what is there.
   *
   * @return false if it cannot be read
   */
  boolean sample(Extent extent, ByteBuffer into) throws MoverException {
    boolean read = isReadable(extent, into);
    if (read) {
      progress.sampled(extent.length());
    }
    return read;
  }

  /**
   * Reads what need not be read.
   *
   * @return false if it cannot be read
   */
  boolean tryRead(Extent extent, ByteBuffer into) throws MoverException {
    boolean read = isReadable(extent, into);
    if (read) {
      progress.read(extent.length());
    }
    return read;
  }

  private boolean isReadable(Extent extent, ByteBuffer into) throws MoverException {
    try {
      readWithRetries(extent, into);
      return true;
    } catch (SourceReadFailed e) {
      LOG.warn("Passed over, for the backup does not need it: {}", e.getMessage());
      return false;
    }
  }

  private void narrow(Extent extent, ByteBuffer into, List<Extent> bad) throws MoverException {
    int step = Math.max(NARROWEST_BYTES, source.alignmentBytes());
    for (long from = extent.offset(); from < extent.end(); from += step) {
      Extent part = Extent.between(from, Math.min(from + step, extent.end()));
      int at = (int) (from - extent.offset());
      ByteBuffer slice = into.slice(at, Math.min(step, into.capacity() - at));
      try {
        readWithRetries(part, slice);
      } catch (SourceReadFailed e) {
        slice.clear();
        while (slice.hasRemaining()) {
          slice.put((byte) 0);
        }
        BadBlocks.append(bad, part);
      }
    }
  }

  private void readWithRetries(Extent extent, ByteBuffer into) throws MoverException {
    for (int attempt = 1; ; attempt++) {
      try {
        readOnce(extent, into);
        return;
      } catch (SourceReadFailed e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        progress.retried();
      }
    }
  }

  private void readOnce(Extent extent, ByteBuffer into) throws MoverException {
    int alignment = source.alignmentBytes();
    int length = (int) extent.length();
    into.position(0).limit((length + alignment - 1) / alignment * alignment);
    int read = source.read(extent.offset(), into);
    if (read < length) {
      throw new DeviceFailed(
          source.name() + " ended at " + (extent.offset() + read) + " while it was read",
          "it was " + source.sizeBytes() + " bytes long when the backup began; was it resized?");
    }
  }
}
