package io.blockmover.engine.backup;

import static io.blockmover.repository.fingerprint.PieceFingerprint.PIECE_BYTES;

import java.lang.foreign.MemorySegment;

/** Tells zeros from data, at the speed of memory. */
final class Zeros {

  private static final MemorySegment ZEROS = MemorySegment.ofArray(new long[PIECE_BYTES / 8]);

  private Zeros() {}

  /** Whether there is nothing but zeros. */
  static boolean only(MemorySegment memory, long from, long length) {
    long done = 0;
    while (done < length) {
      long part = Math.min(PIECE_BYTES, length - done);
      if (MemorySegment.mismatch(memory, from + done, from + done + part, ZEROS, 0, part) >= 0) {
        return false;
      }
      done += part;
    }
    return true;
  }
}
