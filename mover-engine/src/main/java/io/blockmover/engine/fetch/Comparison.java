package io.blockmover.engine.fetch;

import io.blockmover.api.MoverException;
import io.blockmover.repository.fingerprint.PieceFingerprint;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.LongConsumer;

/**
 * Compares a volume with a backup without reading the backup's chunks: zeros with zeros, pieces
 * with their fingerprints. What cannot be told so is left undecided.
 */
public final class Comparison {

  private static final int PIECE = PieceFingerprint.PIECE_BYTES;
  private static final int BLOCK_PIECES = 16;
  private static final int ALIGNMENT = 4096;
  private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[PIECE]);

  private final FetchTeam workers;
  private final VolumeReader volume;
  private final PieceStates states;
  private final LongConsumer equalBytes;

  /**
   * @param equalBytes told of bytes that are the backup's, in whole pieces, by many threads
   */
  public Comparison(
      FetchTeam workers, VolumeReader volume, PieceStates states, LongConsumer equalBytes) {
    this.workers = workers;
    this.volume = volume;
    this.states = states;
    this.equalBytes = equalBytes;
  }

  /** What a piece should hold. */
  private enum Expected {
    ZERO,
    KNOWN,
    UNKNOWN
  }

  /** Compares a window; returns when all of it has been read. */
  public Verdicts compare(MapWindow window) throws MoverException {
    Verdicts verdicts = new Verdicts(window.pieces());
    BitSet data = window.piecesWithData();
    BitSet losses = window.piecesWithLosses();
    for (int first = 0; first < window.pieces(); first += BLOCK_PIECES) {
      int count = Math.min(BLOCK_PIECES, window.pieces() - first);
      Expected[] expected = new Expected[count];
      byte[] fingerprints = new byte[16 * count];
      for (int i = 0; i < count; i++) {
        if (losses.get(first + i)) {
          expected[i] = Expected.UNKNOWN;
        } else if (!data.get(first + i)) {
          expected[i] = Expected.ZERO;
        } else {
          boolean known = states.find(window.firstPiece() + first + i, fingerprints, 16 * i);
          expected[i] = known ? Expected.KNOWN : Expected.UNKNOWN;
        }
      }
      int from = first;
      workers.submit(worker -> compare(worker, window, from, expected, fingerprints, verdicts));
    }
    workers.await();
    return verdicts;
  }

  private void compare(
      Worker worker,
      MapWindow window,
      int first,
      Expected[] expected,
      byte[] fingerprints,
      Verdicts verdicts)
      throws MoverException {
    worker.requireGoingOn();
    long offset = window.from() + (long) first * PIECE;
    int length = (int) Math.min((long) expected.length * PIECE, window.to() - offset);
    if (!Arrays.stream(expected).allMatch(Expected.UNKNOWN::equals)) {
      ByteBuffer bytes = worker.stored().limit(Math.ceilDiv(length, ALIGNMENT) * ALIGNMENT);
      int got = Math.min(length, volume.read(offset, bytes));
      if (got < length) {
        // A shorter volume: nothing can equal what lies past its end.
        MemorySegment.ofBuffer(bytes.clear()).asSlice(got, length - got).fill((byte) -1);
      }
      compare(worker, bytes, length, first, expected, fingerprints, verdicts);
    }
    for (int i = 0; i < expected.length; i++) {
      if (expected[i] == Expected.UNKNOWN) {
        verdicts.addUndecided(first + i);
      }
    }
  }

  private void compare(
      Worker worker,
      ByteBuffer bytes,
      int length,
      int first,
      Expected[] expected,
      byte[] fingerprints,
      Verdicts verdicts) {
    MemorySegment memory = MemorySegment.ofBuffer(bytes.clear());
    byte[] found = new byte[16];
    long equal = 0;
    for (int i = 0; i < expected.length; i++) {
      long start = (long) i * PIECE;
      int pieceLength = (int) Math.min(PIECE, length - start);
      boolean same =
          switch (expected[i]) {
            case UNKNOWN -> true;
            case ZERO ->
                MemorySegment.mismatch(memory, start, start + pieceLength, ZEROS, 0, pieceLength)
                    == -1;
            case KNOWN -> {
              worker.fingerprint().compute(memory, start, pieceLength, found);
              yield Arrays.equals(found, 0, 16, fingerprints, 16 * i, 16 * i + 16);
            }
          };
      if (!same) {
        verdicts.addDifferent(first + i);
      } else if (expected[i] != Expected.UNKNOWN) {
        equal += pieceLength;
      }
    }
    equalBytes.accept(equal);
  }
}
