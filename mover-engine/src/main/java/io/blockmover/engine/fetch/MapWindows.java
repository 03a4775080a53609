package io.blockmover.engine.fetch;

import io.blockmover.api.CorruptData;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.fingerprint.PieceFingerprint;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.LayerPack;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.map.MapCursor;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.pack.PackKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a map window by window, so that memory does not depend on the size of the volume. A map
 * pack that is broken costs what it speaks of and no more. For one thread.
 */
public final class MapWindows {

  private static final int MAX_ENTRIES = 64 * 1024;
  private static final long MAX_SPAN_BYTES = 64L << 30;

  private final MetadataStore store;
  private final MapDamage damage;
  private final List<Extent> lost = new ArrayList<>();
  private final Relocation relocation;
  private LayeredMap map;
  private LayeredMap told;
  private @Nullable MapCursor cursor;
  private long position;

  public MapWindows(MetadataStore store, LayeredMap map, MapDamage damage) {
    this(store, map, damage, Relocation.NONE);
  }

  MapWindows(MetadataStore store, LayeredMap map, MapDamage damage, Relocation relocation) {
    this.store = store;
    this.map = map;
    this.told = map;
    this.relocation = relocation;
    this.damage = damage;
  }

  /** The next part of the volume; null at its end. */
  public @Nullable MapWindow next() throws MoverException {
    if (position >= map.volumeBytes()) {
      return null;
    }
    long from = position;
    long limit = Math.min(map.volumeBytes(), from + MAX_SPAN_BYTES);
    List<MapEntry.Data> data = new ArrayList<>();
    List<Extent> zeros = new ArrayList<>();
    while (position < limit) {
      if (data.size() >= MAX_ENTRIES) {
        long piece = PieceFingerprint.PIECE_BYTES;
        limit = Math.min(limit, Math.ceilDiv(position, piece) * piece);
      }
      MapEntry entry = read(limit);
      long start = entry == null ? limit : entry.offset();
      addZeros(position, start, zeros);
      switch (entry) {
        case null -> {}
        case MapEntry.Zero zero -> addZeros(zero.offset(), zero.end(), zeros);
        case MapEntry.Data some -> {
          for (Extent part : withoutLost(some.offset(), some.end())) {
            data.add(some.part(part.offset(), part.end()));
          }
        }
      }
      position = entry == null ? limit : entry.end();
    }
    return new MapWindow(from, limit, data, zeros);
  }

  private void addZeros(long start, long end, List<Extent> zeros) {
    for (Extent part : withoutLost(start, end)) {
      if (!zeros.isEmpty() && zeros.getLast().end() == part.offset()) {
        zeros.set(zeros.size() - 1, Extent.between(zeros.getLast().offset(), part.end()));
      } else {
        zeros.add(part);
      }
    }
  }

  private @Nullable MapEntry read(long limit) throws MoverException {
    while (true) {
      try {
        MapCursor open = cursor == null ? map.cursor(position) : cursor;
        cursor = open;
        return open.next(limit);
      } catch (CorruptData e) {
        leaveOut(packOf(e.key()), e);
      } catch (ObjectNotFound e) {
        Optional<LayeredMap> now = relocation.mapInsteadOf(told, e);
        if (now.isPresent()) {
          told = now.get();
          map = told;
          cursor = null;
        } else {
          leaveOut(missingPack(), e);
        }
      }
    }
  }

  private void leaveOut(@Nullable LayerPack broken, MoverException why) throws MoverException {
    if (broken == null) {
      throw why;
    }
    long start = Math.max(position, broken.from());
    long end = Math.min(map.volumeBytes(), broken.to());
    if (start < end) {
      Extent extent = Extent.between(start, end);
      damage.lost(PackKind.MAP.keyOf(broken.reference().name()), extent, why);
      lost.add(extent);
    }
    List<Layer> layers = new ArrayList<>();
    for (Layer layer : map.layers()) {
      List<LayerPack> rest = new ArrayList<>(layer.packs());
      rest.remove(broken);
      layers.add(new Layer(layer.volumeBytes(), layer.entries(), rest));
    }
    map = new LayeredMap(store, layers, map.volumeBytes());
    cursor = null;
  }

  private @Nullable LayerPack packOf(String key) {
    for (Layer layer : map.layers()) {
      for (LayerPack pack : layer.packs()) {
        if (PackKind.MAP.keyOf(pack.reference().name()).equals(key)) {
          return pack;
        }
      }
    }
    return null;
  }

  private @Nullable LayerPack missingPack() throws MoverException {
    for (Layer layer : map.layers()) {
      for (LayerPack pack : layer.packs()) {
        if (pack.to() > position
            && store.store().find(PackKind.MAP.keyOf(pack.reference().name())).isEmpty()) {
          return pack;
        }
      }
    }
    return null;
  }

  private List<Extent> withoutLost(long start, long end) {
    List<Extent> parts = new ArrayList<>(1);
    if (start < end) {
      parts.add(Extent.between(start, end));
    }
    for (Extent gone : lost) {
      List<Extent> left = new ArrayList<>(parts.size() + 1);
      for (Extent part : parts) {
        if (!part.overlaps(gone)) {
          left.add(part);
          continue;
        }
        if (part.offset() < gone.offset()) {
          left.add(Extent.between(part.offset(), gone.offset()));
        }
        if (gone.end() < part.end()) {
          left.add(Extent.between(gone.end(), part.end()));
        }
      }
      parts = left;
    }
    return parts;
  }
}
