package io.blockmover.repository.fingerprint;

import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.LayerCursor;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.pack.PackKind;
import java.util.ArrayList;
import java.util.List;

/**
 * What is known of pieces, asked for in ascending order: the newest layer that names one decides.
 * Memory holds one decoded leaf and one table per layer. For one thread.
 */
public final class FingerprintCursor {

  private final List<Source> newestFirst = new ArrayList<>();
  private long asked;

  /** One layer, and the piece from which on it says nothing. */
  private record Source(LayerCursor<FingerprintLeaf> rows, long limit) {}

  /**
   * @param layers oldest first
   * @param volumeBytes size of the volume; nothing beyond it counts
   */
  public FingerprintCursor(MetadataStore store, List<Layer> layers, long volumeBytes) {
    long limit = FingerprintLayerWriter.pieces(volumeBytes);
    for (Layer layer : layers.reversed()) {
      limit = Math.min(limit, FingerprintLayerWriter.pieces(layer.volumeBytes()));
      newestFirst.add(
          new Source(
              new LayerCursor<>(store, PackKind.FINGERPRINT, layer, new FingerprintLeaf()), limit));
    }
  }

  /**
   * What is known of a piece.
   *
   * @param piece not before the one asked for last
   * @param fingerprint its first 16 bytes are overwritten if the state is KNOWN
   */
  public PieceState find(long piece, byte[] fingerprint) throws MoverException {
    if (piece < asked) {
      throw new IllegalArgumentException("piece " + piece + " after " + asked);
    }
    asked = piece;
    for (Source source : newestFirst) {
      if (source.limit() <= piece) {
        break; // older layers reach no further
      }
      LayerCursor<FingerprintLeaf> rows = source.rows();
      rows.advanceTo(piece);
      if (rows.start() == piece) {
        PieceState state = rows.leaf().state(rows.row());
        if (state == PieceState.KNOWN) {
          rows.leaf().copyFingerprint(rows.row(), fingerprint);
        }
        return state;
      }
    }
    return PieceState.ZERO;
  }

  /** The first piece, from the given one on, that any layer names; -1 if there is none. */
  public long firstNamed(long piece) throws MoverException {
    long first = Long.MAX_VALUE;
    for (Source source : newestFirst) {
      if (source.limit() <= piece) {
        break;
      }
      source.rows().advanceTo(piece);
      if (source.rows().start() < source.limit()) {
        first = Math.min(first, source.rows().start());
      }
    }
    return first == Long.MAX_VALUE ? -1 : first;
  }
}
