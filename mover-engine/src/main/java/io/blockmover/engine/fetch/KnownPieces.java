package io.blockmover.engine.fetch;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.fingerprint.FingerprintCursor;
import io.blockmover.repository.fingerprint.PieceState;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.MetadataStore;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fingerprints of a backup. They only save work: where they are damaged or missing, nothing is
 * known from there on, and the chunks tell.
 */
public final class KnownPieces implements PieceStates {

  private static final Logger LOG = LoggerFactory.getLogger(KnownPieces.class);

  private final FingerprintCursor cursor;
  private final byte[] found = new byte[16];
  private boolean broken;

  public KnownPieces(MetadataStore metadata, List<Layer> layers, long volumeBytes) {
    this.cursor = new FingerprintCursor(metadata, layers, volumeBytes);
  }

  @Override
  public boolean find(long piece, byte[] out, int at) throws MoverException {
    if (broken) {
      return false;
    }
    try {
      if (cursor.find(piece, found) != PieceState.KNOWN) {
        return false;
      }
    } catch (CorruptData | ObjectNotFound e) {
      LOG.warn("compares with the data itself, since fingerprints are lost: {}", e.getMessage());
      broken = true;
      return false;
    }
    System.arraycopy(found, 0, out, at, found.length);
    return true;
  }
}
