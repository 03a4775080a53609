package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import io.blockmover.repository.fingerprint.PieceState;
import io.blockmover.repository.pack.ChunkLocation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a cell.
 *
 * @param runs what changed, ascending
 * @param pieces new states of pieces, ascending
 * @param changedBytes that differ from the parent
 * @param badBlocks what could not be read
 * @param looked what was read, or is zeros for certain: what was bad there no longer counts
 */
record CellResult(
    Extent cell,
    List<Run> runs,
    List<Piece> pieces,
    long changedBytes,
    List<Extent> badBlocks,
    List<Extent> looked) {

  /**
   * A run of bytes of the volume that is now the content of a whole chunk, or zeros.
   *
   * @param chunk null for zeros
   */
  record Run(Extent extent, @Nullable ChunkLocation chunk) {}

  /**
   * The new state of one piece.
   *
   * @param index on the volume
   * @param fingerprint 16 bytes if known, else empty
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Piece(long index, PieceState state, byte[] fingerprint) {}
}
