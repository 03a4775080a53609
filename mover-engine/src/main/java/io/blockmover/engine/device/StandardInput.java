package io.blockmover.engine.device;

import io.blockmover.api.Cancelled;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;

/** Standard input as a volume. */
final class StandardInput {
  private static final String NAME = "standard input";
  private static final Path DESCRIPTOR = Path.of("/proc/self/fd/0");
  private static final int SEEK_CUR = 1;
  private static final int PIECE_BYTES = 64 << 10;
  private static final byte[] ZEROS = new byte[PIECE_BYTES];

  private StandardInput() {}

  static BlockSource open(InputStream in, Path spoolDirectory) throws MoverException {
    try {
      FileStatus status = NativeIo.status(DESCRIPTOR);
      // Not if somebody has read a part of it already: the rest is what is meant.
      if (status.isVolume() && NativeIo.seek(0, 0, SEEK_CUR) == 0) {
        BlockFile file = Opening.open(NAME, DESCRIPTOR, status, NativeIo.O_RDONLY);
        return new DeviceSource(file, status);
      }
    } catch (NativeFailure e) {
      // It cannot be opened a second time; what it delivers can still be copied.
    }
    return copied(NAME, in, spoolDirectory);
  }

  /** Copies a stream to its end, zeros left out. */
  static BlockSource copied(String name, InputStream in, Path spoolDirectory)
      throws MoverException {
    try (Spool spool = Spool.create(name, spoolDirectory);
        Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(PIECE_BYTES);
      byte[] piece = new byte[PIECE_BYTES];
      long size = 0;
      while (true) {
        if (Thread.currentThread().isInterrupted()) {
          throw new Cancelled("interrupted while reading " + name, "");
        }
        int length = next(name, in, piece, size);
        if (length == 0) {
          return spool.asSource(size);
        }
        if (Arrays.mismatch(piece, 0, length, ZEROS, 0, length) >= 0) {
          MemorySegment bytes = MemorySegment.ofArray(piece).asSlice(0, length);
          spool.write(size, memory.asSlice(0, length).copyFrom(bytes));
        }
        size += length;
      }
    }
  }

  private static int next(String name, InputStream in, byte[] piece, long offset)
      throws DeviceFailed {
    try {
      return in.readNBytes(piece, 0, piece.length);
    } catch (IOException e) {
      throw new DeviceFailed(
          name + " cannot be read at offset " + offset + ": " + e.getMessage(),
          "check the program that writes to it",
          e);
    }
  }
}
