package io.blockmover.repository.map;

import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.MetadataStore;
import java.util.List;

/**
 * The map of one backup: the composition of its layers, of which the newest that covers a byte
 * decides. Reads nothing before a cursor is opened. Immutable.
 */
public final class LayeredMap {

  private final MetadataStore store;
  private final List<Layer> layers;
  private final long volumeBytes;

  /**
   * @param layers oldest first
   * @param volumeBytes size of the volume; nothing beyond it counts
   */
  public LayeredMap(MetadataStore store, List<Layer> layers, long volumeBytes) {
    this.store = store;
    this.layers = List.copyOf(layers);
    this.volumeBytes = volumeBytes;
  }

  public long volumeBytes() {
    return volumeBytes;
  }

  /** The layers, oldest first. */
  public List<Layer> layers() {
    return layers;
  }

  /**
   * Everything that the layers say from an offset on.
   *
   * @param from an entry across it is cut
   */
  public MapCursor cursor(long from) throws MoverException {
    return new MapCursor(store, layers, volumeBytes, from);
  }

  /** What layers newer than the first {@code older} say. */
  MapCursor cursorOfNewer(int older, long from) throws MoverException {
    return new MapCursor(store, layers.subList(older, layers.size()), volumeBytes, from);
  }
}
