package io.blockmover.repository.fingerprint;

import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.LayerPacks;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackNames;

/** Writes one layer of fingerprints, piece by piece; packs are put as they fill. For one thread. */
public final class FingerprintLayerWriter {

  private static final int LEAF_ROWS = 4096;

  private final long volumeBytes;
  private final FingerprintLeafWriter leaf = new FingerprintLeafWriter();
  private final LayerPacks packs;

  public FingerprintLayerWriter(MetadataStore store, PackNames names, long volumeBytes) {
    this.volumeBytes = volumeBytes;
    this.packs = new LayerPacks(store, PackKind.FINGERPRINT, names, null);
  }

  /** How many pieces a volume has; the last may be shorter. */
  public static long pieces(long volumeBytes) {
    return Math.ceilDiv(volumeBytes, (long) PieceFingerprint.PIECE_BYTES);
  }

  /**
   * Adds a row.
   *
   * @param fingerprint its first 16 bytes are copied if the state is KNOWN
   * @throws IllegalArgumentException if the piece is not after the one before, or not in the volume
   */
  public void add(long piece, PieceState state, byte[] fingerprint) throws MoverException {
    if (piece >= pieces(volumeBytes)) {
      throw new IllegalArgumentException(
          "piece " + piece + " of a volume of " + volumeBytes + " bytes");
    }
    leaf.add(piece, state, fingerprint);
    if (leaf.count() == LEAF_ROWS) {
      putLeaf();
    }
  }

  private void putLeaf() throws MoverException {
    long first = leaf.first();
    long end = leaf.end();
    int count = leaf.count();
    packs.add(first, end, count, leaf.write());
  }

  /** Puts what is left; the layer is then in the store. */
  public Layer finish() throws MoverException {
    if (leaf.count() > 0) {
      putLeaf();
    }
    return packs.finish(volumeBytes);
  }
}
