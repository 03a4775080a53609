package io.blockmover.repository.layer;

import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;

/**
 * One metadata pack of a layer, as the manifest names it.
 *
 * @param name of the pack, as text
 * @param bytes size of the object
 * @param from first offset (fingerprints: piece) of its first row
 * @param to end of its last row
 */
public record LayerPack(String name, long bytes, long from, long to) {

  /**
   * @throws IllegalArgumentException if the name is none or the range is empty
   */
  public LayerPack {
    PackName.parse(name);
    if (bytes < 0 || from < 0 || from >= to) {
      throw new IllegalArgumentException(
          "not a pack of a layer: " + name + ", " + bytes + " bytes, [" + from + ", " + to + ")");
    }
  }

  /** Name and size. */
  public PackReference reference() {
    return new PackReference(PackName.parse(name), bytes);
  }
}
