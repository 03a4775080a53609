package io.blockmover.engine.device;

import io.blockmover.api.MoverException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Transfers at any place and from any memory, through an aligned copy. A block that is written in
 * part is read, changed and written back under one lock: whoever else may write within that block
 * at the same time writes a part of it too, and so comes by here.
 */
final class UnalignedAccess {
  private static final int COPY_BYTES = 1 << 20;

  private final BlockFile file;
  private final ReentrantLock partialBlocks = new ReentrantLock();

  UnalignedAccess(BlockFile file) {
    this.file = file;
  }

  void write(long offset, MemorySegment from) throws NativeFailure, MoverException {
    int block = file.alignmentBytes();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(copyBytes(from.byteSize()), block);
      long done = 0;
      while (done < from.byteSize()) {
        long at = offset + done;
        long left = from.byteSize() - done;
        long inBlock = at % block;
        long now;
        if (inBlock == 0 && (left >= block || at + left == file.sizeBytes())) {
          now = Math.min(left, copy.byteSize());
          // Whole blocks, or the rest of the volume.
          now = at + now == file.sizeBytes() ? now : now - now % block;
          MemorySegment whole = copy.asSlice(0, now).copyFrom(from.asSlice(done, now));
          file.write(at, whole);
        } else {
          now = Math.min(left, block - inBlock);
          writePart(at - inBlock, inBlock, from.asSlice(done, now), copy);
        }
        done += now;
      }
    }
  }

  private void writePart(long blockAt, long inBlock, MemorySegment part, MemorySegment copy)
      throws NativeFailure, MoverException {
    long length = Math.min(file.alignmentBytes(), file.sizeBytes() - blockAt);
    MemorySegment whole = copy.asSlice(0, length);
    partialBlocks.lock();
    try {
      long have = file.read(blockAt, whole);
      if (have < length) {
        throw DeviceErrors.onEarlyEnd(file, blockAt + have);
      }
      whole.asSlice(inBlock, part.byteSize()).copyFrom(part);
      file.write(blockAt, whole);
    } finally {
      partialBlocks.unlock();
    }
  }

  /** Reads within the volume; fewer bytes than asked for only if the file ends there. */
  long read(long offset, MemorySegment into) throws NativeFailure, MoverException {
    int block = file.alignmentBytes();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(copyBytes(into.byteSize()), block);
      long done = 0;
      while (done < into.byteSize()) {
        long at = offset + done;
        long inBlock = at % block;
        long left = file.sizeBytes() - (at - inBlock);
        long got = file.read(at - inBlock, copy.asSlice(0, Math.min(copy.byteSize(), left)));
        long now = Math.min(got - inBlock, into.byteSize() - done);
        if (now <= 0) {
          break;
        }
        into.asSlice(done, now).copyFrom(copy.asSlice(inBlock, now));
        done += now;
      }
      return done;
    }
  }

  /** Room for the bytes and the partial blocks around them, in whole blocks. */
  private long copyBytes(long length) {
    long block = file.alignmentBytes();
    long wanted = Math.min(length, COPY_BYTES) + 2 * block;
    return wanted - wanted % block;
  }
}
