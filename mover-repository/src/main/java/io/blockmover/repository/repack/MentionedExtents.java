package io.blockmover.repository.repack;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.LayerPack;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.layer.PackDictionary;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.map.MapLeaf;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReader;
import io.blockmover.repository.pack.TableRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where maps say anything of some packs, leaf by leaf: all that has to be looked at. Map packs that
 * backups share are read once. For one thread, and the backups of one volume.
 */
final class MentionedExtents {

  private final MetadataStore store;
  private final Set<PackName> packs;
  private final Map<String, List<Extent>> byMapPack = new HashMap<>();

  MentionedExtents(MetadataStore store, Set<PackName> packs) {
    this.store = store;
    this.packs = packs;
  }

  /** Ascending and disjoint; what lies outside of them mentions none of the packs. */
  List<Extent> of(Manifest manifest) throws MoverException {
    List<Extent> all = new ArrayList<>();
    for (Layer layer : manifest.map()) {
      for (LayerPack pack : layer.packs()) {
        all.addAll(of(pack));
      }
    }
    all.sort(Comparator.comparingLong(Extent::offset));
    List<Extent> joined = new ArrayList<>();
    for (Extent extent : all) {
      if (joined.isEmpty() || joined.getLast().end() < extent.offset()) {
        joined.add(extent);
      } else if (joined.getLast().end() < extent.end()) {
        joined.add(Extent.between(joined.removeLast().offset(), extent.end()));
      }
    }
    return joined;
  }

  /** Whether a map pack says anything of the packs. */
  boolean mentions(LayerPack pack) throws MoverException {
    return !of(pack).isEmpty();
  }

  private List<Extent> of(LayerPack pack) throws MoverException {
    List<Extent> known = byMapPack.get(pack.name());
    if (known == null) {
      known = read(pack);
      byMapPack.put(pack.name(), known);
    }
    return known;
  }

  private List<Extent> read(LayerPack pack) throws MoverException {
    String key = PackKind.MAP.keyOf(pack.reference().name());
    PackReader reader = store.open(PackKind.MAP, pack.reference());
    List<TableRow> rows = reader.rows();
    if (rows.isEmpty() || !Arrays.equals(rows.getLast().id(), PackDictionary.rowId())) {
      return List.of(); // zeros only
    }
    List<PackName> dictionary =
        PackDictionary.read(ByteBuffer.wrap(reader.read(rows.getLast())), key);
    if (dictionary.stream().noneMatch(packs::contains)) {
      return List.of();
    }
    List<Extent> found = new ArrayList<>();
    MapLeaf leaf = new MapLeaf();
    for (TableRow row : rows.subList(0, rows.size() - 1)) {
      leaf.decode(reader.read(row), dictionary, key);
      if (mentions(leaf)) {
        found.add(Extent.between(leaf.start(0), leaf.end(leaf.count() - 1)));
      }
    }
    return List.copyOf(found);
  }

  private boolean mentions(MapLeaf leaf) {
    for (int row = 0; row < leaf.count(); row++) {
      if (leaf.entry(row) instanceof MapEntry.Data data && packs.contains(data.location().pack())) {
        return true;
      }
    }
    return false;
  }
}
