package io.blockmover.engine.device;

import io.blockmover.api.Cancelled;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes parts of a target zero by the cheapest way it has: a hole (which also gives space back, and
 * which thin devices know as well as files do), else BLKZEROOUT, else zeros that are written. A way
 * that the target does not have is not tried again.
 */
final class Zeroing {
  private static final Logger log = LoggerFactory.getLogger(Zeroing.class);

  /** So that an interrupt is seen in time where the kernel has to write the zeros itself. */
  private static final long STEP_BYTES = 256L << 20;

  private static final int ZEROS_BYTES = 1 << 20;
  private static final long PAGE_BYTES = NativeIo.pageSize();

  private enum Way {
    HOLE,
    ZERO_OUT,
    WRITE
  }

  private final BlockFile file;
  private final UnalignedAccess unaligned;
  private final MemorySegment zeros;
  private volatile Way way = Way.HOLE;

  Zeroing(BlockFile file, UnalignedAccess unaligned) {
    this.file = file;
    this.unaligned = unaligned;
    this.zeros = Arena.ofAuto().allocate(ZEROS_BYTES, file.alignmentBytes()).asReadOnly();
  }

  void zero(Extent extent) throws NativeFailure, MoverException {
    long block = file.alignmentBytes();
    long first = Math.ceilDiv(extent.offset(), block) * block;
    // A file's last partial block counts as whole: nothing but its end follows.
    long last =
        extent.end() == file.sizeBytes() && !file.isDevice()
            ? extent.end()
            : extent.end() - extent.end() % block;
    if (first >= last) {
      write(extent);
      return;
    }
    if (extent.offset() < first) {
      write(Extent.between(extent.offset(), first));
    }
    for (long at = first; at < last; at += STEP_BYTES) {
      requireNotInterrupted();
      zeroBlocks(Extent.between(at, Math.min(last, at + STEP_BYTES)));
    }
    if (last < extent.end()) {
      write(Extent.between(last, extent.end()));
    }
  }

  private void zeroBlocks(Extent blocks) throws NativeFailure, MoverException {
    while (true) {
      Way now = way;
      try {
        switch (now) {
          case HOLE -> file.onDescriptor(fd -> punchHole(fd, blocks));
          case ZERO_OUT -> file.onDescriptor(fd -> zeroOut(fd, blocks));
          case WRITE -> write(blocks);
        }
        return;
      } catch (NativeFailure e) {
        if (now == Way.WRITE || !Errno.isUnsupported(e.errno())) {
          throw e.at(Math.max(blocks.offset(), e.offset()));
        }
        way = now == Way.HOLE && file.isDevice() ? Way.ZERO_OUT : Way.WRITE;
        log.debug("{}: {} is not supported, {} instead", file.name(), now, way);
      }
    }
  }

  private long punchHole(int fd, Extent blocks) throws NativeFailure {
    long end = blocks.end();
    if (end == file.sizeBytes() && !file.isDevice()) {
      // A file's last partial page is only given back as a whole; the size stays.
      end = Math.ceilDiv(end, PAGE_BYTES) * PAGE_BYTES;
    }
    NativeIo.punchHole(fd, blocks.offset(), end - blocks.offset());
    return 0;
  }

  private static long zeroOut(int fd, Extent blocks) throws NativeFailure {
    NativeIo.zeroOut(fd, blocks.offset(), blocks.length());
    return 0;
  }

  private void write(Extent extent) throws NativeFailure, MoverException {
    long at = extent.offset();
    while (at < extent.end()) {
      long length = Math.min(extent.end() - at, ZEROS_BYTES);
      MemorySegment piece = zeros.asSlice(0, length);
      if (file.isAligned(at) && (file.isAligned(length) || at + length == file.sizeBytes())) {
        file.write(at, piece);
      } else {
        unaligned.write(at, piece);
      }
      at += length;
    }
  }

  private void requireNotInterrupted() throws Cancelled {
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("interrupted while zeroing " + file.name(), "");
    }
  }
}
