package io.blockmover.repository.layer;

import java.util.List;

/**
 * One layer of a map or of fingerprints, as the manifest names it. Its members are those of the
 * JSON.
 *
 * @param volumeBytes size of the volume when the layer was written
 * @param entries number of rows in all packs
 * @param packs ascending and disjoint; empty if nothing changed
 */
public record Layer(long volumeBytes, long entries, List<LayerPack> packs) {

  /**
   * @throws IllegalArgumentException if the packs are not ascending or a number is negative
   */
  public Layer {
    packs = List.copyOf(packs);
    if (volumeBytes < 0 || entries < 0) {
      throw new IllegalArgumentException("not a layer: " + volumeBytes + ", " + entries);
    }
    for (int i = 1; i < packs.size(); i++) {
      if (packs.get(i).from() < packs.get(i - 1).to()) {
        throw new IllegalArgumentException("packs are not ascending at " + packs.get(i).name());
      }
    }
  }
}
