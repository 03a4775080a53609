package io.blockmover.engine.backup;

import static io.blockmover.repository.fingerprint.PieceFingerprint.PIECE_BYTES;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.repository.fingerprint.FingerprintCursor;
import io.blockmover.repository.map.MapCursor;
import io.blockmover.repository.map.MapEntry;
import java.util.List;

/** The parent's pieces as its fingerprints and its map tell them. */
final class ParentFingerprints implements ParentPieces {

  private final FingerprintCursor cursor;
  private final MapCursor map;
  private final List<Extent> badBlocks;
  private final byte[] fingerprint = new byte[16];

  /**
   * @param badBlocks what it could not read, ascending: it has zeros there that may not be true
   */
  ParentFingerprints(FingerprintCursor cursor, MapCursor map, List<Extent> badBlocks) {
    this.cursor = cursor;
    this.map = map;
    this.badBlocks = badBlocks;
  }

  @Override
  public void load(long firstPiece, int count, States into) throws MoverException {
    for (int piece = 0; piece < count; piece++) {
      into.set(piece, cursor.find(firstPiece + piece, fingerprint), fingerprint);
    }
  }

  @Override
  public long nextNonZero(long fromPiece) throws MoverException {
    long piece = cursor.firstNamed(fromPiece);
    return Math.min(piece < 0 ? Long.MAX_VALUE : piece, nextBad(fromPiece));
  }

  private long nextBad(long fromPiece) {
    for (Extent bad : badBlocks) {
      if ((bad.end() - 1) / PIECE_BYTES >= fromPiece) {
        return Math.max(fromPiece, bad.offset() / PIECE_BYTES);
      }
    }
    return Long.MAX_VALUE;
  }

  @Override
  public boolean couldNotBeRead(Extent extent) {
    return badBlocks.stream().anyMatch(extent::overlaps);
  }

  @Override
  public List<MapEntry> entries(long start, long end) throws MoverException {
    return map.within(start, end);
  }
}
