package io.blockmover.repository.map;

import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.Compaction;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.pack.PackNames;
import java.util.ArrayList;
import java.util.List;

/** Merges layers of a map, when {@link Compaction} says so. */
public final class MapCompaction {

  private MapCompaction() {}

  /**
   * The layers for the manifest: the same map, in few layers.
   *
   * @param layers oldest first, the new one last
   * @param chunkBytes the volume's grid
   */
  public static List<Layer> compact(
      MetadataStore store, PackNames names, List<Layer> layers, int chunkBytes)
      throws MoverException {
    List<Layer> kept = Compaction.dropEmpty(layers);
    Compaction compaction = Compaction.of(kept);
    if (compaction.keepsAll(kept)) {
      return kept;
    }
    int first = compaction.firstMerged();
    List<Layer> result = new ArrayList<>(kept.subList(0, first));
    result.add(merged(store, names, kept.subList(first, kept.size()), chunkBytes, first > 0));
    return result;
  }

  private static Layer merged(
      MetadataStore store, PackNames names, List<Layer> layers, int chunkBytes, boolean keepZeros)
      throws MoverException {
    long volumeBytes = layers.getLast().volumeBytes();
    MapLayerWriter writer = new MapLayerWriter(store, names, volumeBytes, chunkBytes);
    MapCursor cursor = new LayeredMap(store, layers, volumeBytes).cursor(0);
    for (MapEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      if (keepZeros || entry instanceof MapEntry.Data) {
        writer.add(entry);
      }
    }
    return writer.finish();
  }
}
