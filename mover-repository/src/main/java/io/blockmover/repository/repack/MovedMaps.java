package io.blockmover.repository.repack;

import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.LayerPack;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.map.MapCursor;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.map.MapLayerWriter;
import io.blockmover.repository.pack.PackNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes map packs anew that name chunks which have been moved; the others stay. What backups of a
 * volume share they share afterwards. An entry that no backup shows stays as it is, and may name
 * what is gone, as entries below a newer layer do anyway. For one thread, and the backups of one
 * volume.
 */
final class MovedMaps {

  private final MetadataStore store;
  private final PackNames names;
  private final MentionedExtents mentioned;
  private final MovedChunks moved;
  private final Map<String, Written> written = new HashMap<>();

  private record Written(List<LayerPack> packs, long fewerEntries) {}

  MovedMaps(MetadataStore store, PackNames names, MentionedExtents mentioned, MovedChunks moved) {
    this.store = store;
    this.names = names;
    this.mentioned = mentioned;
    this.moved = moved;
  }

  /** The same map, of the chunks where they are now. */
  List<Layer> of(List<Layer> layers, int chunkBytes) throws MoverException {
    List<Layer> result = new ArrayList<>();
    for (Layer layer : layers) {
      result.add(of(layer, chunkBytes));
    }
    return result;
  }

  private Layer of(Layer layer, int chunkBytes) throws MoverException {
    List<LayerPack> packs = new ArrayList<>();
    long entries = layer.entries();
    for (LayerPack pack : layer.packs()) {
      if (!mentioned.mentions(pack)) {
        packs.add(pack);
        continue;
      }
      Written anew = written.get(pack.name());
      if (anew == null) {
        anew = write(layer, pack, chunkBytes);
        written.put(pack.name(), anew);
      }
      packs.addAll(anew.packs());
      entries -= anew.fewerEntries();
    }
    return new Layer(layer.volumeBytes(), entries, packs);
  }

  private Written write(Layer layer, LayerPack pack, int chunkBytes) throws MoverException {
    Layer alone = new Layer(layer.volumeBytes(), layer.entries(), List.of(pack));
    MapLayerWriter writer = new MapLayerWriter(store, names, layer.volumeBytes(), chunkBytes);
    MapCursor cursor = new LayeredMap(store, List.of(alone), layer.volumeBytes()).cursor(0);
    long before = 0;
    for (MapEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      writer.add(moved.moved(entry));
      before++;
    }
    Layer anew = writer.finish();
    return new Written(anew.packs(), before - anew.entries());
  }
}
