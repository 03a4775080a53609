package io.blockmover.engine.backup;

import io.blockmover.api.MoverException;
import io.blockmover.repository.fingerprint.FingerprintCursor;
import io.blockmover.repository.fingerprint.FingerprintLayerWriter;
import io.blockmover.repository.fingerprint.PieceState;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.map.MapCursor;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.map.MapLayerWriter;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.usage.UsageReader;
import io.blockmover.repository.usage.UsageRow;
import io.blockmover.repository.usage.UsageWriter;
import java.util.List;
import java.util.Set;

/**
 * Writes metadata anew, in packs of this session, where GC condemned a pack of it: the parent's
 * packs go when the parent is forgotten while its child is being made.
 *
 * @param condemned what must not be referred to any more
 */
record MetadataRewrite(MetadataStore store, PackNames names, Set<PackName> condemned) {

  /** The map in one new base, if any of its packs is condemned. */
  List<Layer> map(List<Layer> layers, long volumeBytes, int chunkBytes) throws MoverException {
    if (!isHit(layers)) {
      return layers;
    }
    MapLayerWriter writer = new MapLayerWriter(store, names, volumeBytes, chunkBytes);
    MapCursor cursor = new LayeredMap(store, layers, volumeBytes).cursor(0);
    for (MapEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      if (entry instanceof MapEntry.Data) {
        writer.add(entry);
      }
    }
    return List.of(writer.finish());
  }

  /** The fingerprints in one new base, if any of their packs is condemned. */
  List<Layer> fingerprints(List<Layer> layers, long volumeBytes) throws MoverException {
    if (!isHit(layers)) {
      return layers;
    }
    FingerprintLayerWriter writer = new FingerprintLayerWriter(store, names, volumeBytes);
    FingerprintCursor cursor = new FingerprintCursor(store, layers, volumeBytes);
    byte[] fingerprint = new byte[16];
    for (long piece = cursor.firstNamed(0); piece >= 0; piece = cursor.firstNamed(piece + 1)) {
      PieceState state = cursor.find(piece, fingerprint);
      if (state != PieceState.ZERO) {
        writer.add(piece, state, fingerprint);
      }
    }
    return List.of(writer.finish());
  }

  /** The usage in new packs, if any of them is condemned. */
  List<PackReference> usage(List<PackReference> packs) throws MoverException {
    if (packs.stream().noneMatch(pack -> condemned.contains(pack.name()))) {
      return packs;
    }
    UsageWriter writer = new UsageWriter(store, names);
    UsageReader reader = new UsageReader(store, packs);
    for (UsageRow row = reader.next(); row != null; row = reader.next()) {
      writer.add(row.pack(), row.referencedBytes());
      writer.size(new PackReference(row.pack(), row.sizeBytes()));
    }
    return writer.finish();
  }

  private boolean isHit(List<Layer> layers) {
    return layers.stream()
        .flatMap(layer -> layer.packs().stream())
        .anyMatch(pack -> condemned.contains(PackName.parse(pack.name())));
  }
}
