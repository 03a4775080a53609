package io.blockmover.repository.fingerprint;

import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.Compaction;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.pack.PackNames;
import java.util.ArrayList;
import java.util.List;

/** Merges layers of fingerprints, when {@link Compaction} says so. */
public final class FingerprintCompaction {

  private FingerprintCompaction() {}

  /**
   * The layers for the manifest: the same fingerprints, in few layers.
   *
   * @param layers oldest first, the new one last
   */
  public static List<Layer> compact(MetadataStore store, PackNames names, List<Layer> layers)
      throws MoverException {
    List<Layer> kept = Compaction.dropEmpty(layers);
    Compaction compaction = Compaction.of(kept);
    if (compaction.keepsAll(kept)) {
      return kept;
    }
    int first = compaction.firstMerged();
    List<Layer> result = new ArrayList<>(kept.subList(0, first));
    result.add(merged(store, names, kept.subList(first, kept.size()), first > 0));
    return result;
  }

  private static Layer merged(
      MetadataStore store, PackNames names, List<Layer> layers, boolean keepZeros)
      throws MoverException {
    long volumeBytes = layers.getLast().volumeBytes();
    FingerprintLayerWriter writer = new FingerprintLayerWriter(store, names, volumeBytes);
    FingerprintCursor cursor = new FingerprintCursor(store, layers, volumeBytes);
    byte[] fingerprint = new byte[FingerprintLeaf.FINGERPRINT_BYTES];
    for (long piece = cursor.firstNamed(0); piece >= 0; piece = cursor.firstNamed(piece + 1)) {
      PieceState state = cursor.find(piece, fingerprint);
      if (keepZeros || state != PieceState.ZERO) {
        writer.add(piece, state, fingerprint);
      }
    }
    return writer.finish();
  }
}
