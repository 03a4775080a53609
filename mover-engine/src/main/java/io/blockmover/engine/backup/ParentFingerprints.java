package io.blockmover.engine.backup;

import io.blockmover.api.MoverException;
import io.blockmover.repository.fingerprint.FingerprintCursor;

/** The parent's pieces as its fingerprints tell them. */
final class ParentFingerprints implements ParentPieces {

  private final FingerprintCursor cursor;
  private final byte[] fingerprint = new byte[16];

  ParentFingerprints(FingerprintCursor cursor) {
    this.cursor = cursor;
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
    return piece < 0 ? Long.MAX_VALUE : piece;
  }
}
