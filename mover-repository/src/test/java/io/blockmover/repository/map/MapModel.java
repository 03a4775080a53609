package io.blockmover.repository.map;

import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.MetadataFixture;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A volume as an array of units; each unit is 0 or the number of a chunk and the unit in it. Layers
 * are made at random and applied to both, the array and the store.
 */
final class MapModel {

  static final int UNIT = 4096;
  static final int CELL_UNITS = 8;
  static final int CHUNK_BYTES = UNIT * CELL_UNITS;

  final MetadataFixture fixture;
  final Random random;
  final List<Layer> layers = new ArrayList<>();
  long[] units;
  private long nextChunk = 1;

  MapModel(MetadataFixture fixture, Random random, int unitCount) {
    this.fixture = fixture;
    this.random = random;
    this.units = new long[unitCount];
  }

  long volumeBytes() {
    return (long) units.length * UNIT;
  }

  LayeredMap map() {
    return new LayeredMap(fixture.store, layers, volumeBytes());
  }

  static ChunkLocation location(long chunk, int plainUnits) {
    long mixed = chunk * 0x9e3779b97f4a7c15L;
    PackName pack = new PackName(7, 8, 9, (int) (chunk / 50));
    return new ChunkLocation(
        mixed, ~mixed, pack, (int) (chunk % 50) * 40_000, plainUnits * UNIT / 2, plainUnits * UNIT);
  }

  private static long unit(long chunk, int within) {
    return chunk * 1000 + within + 1;
  }

  /** Changes the volume's size and about one in {@code sparsity} runs, and adds the layer. */
  void change(int newUnitCount, int sparsity) throws Exception {
    units = Arrays.copyOf(units, newUnitCount);
    MapLayerWriter writer =
        new MapLayerWriter(fixture.store, fixture.names, volumeBytes(), CHUNK_BYTES);
    int at = 0;
    while (at < newUnitCount) {
      int length = Math.min(1 + random.nextInt(CELL_UNITS), CELL_UNITS - at % CELL_UNITS);
      length = Math.min(length, newUnitCount - at);
      if (random.nextInt(sparsity) == 0) {
        if (random.nextInt(4) == 0) {
          writer.add(new MapEntry.Zero((long) at * UNIT, (long) length * UNIT));
          Arrays.fill(units, at, at + length, 0);
        } else {
          writeData(writer, at, length);
        }
      }
      at += length;
    }
    layers.add(writer.finish());
  }

  private void writeData(MapLayerWriter writer, int at, int length) throws Exception {
    long chunk = nextChunk++;
    int within = random.nextInt(3);
    ChunkLocation location = location(chunk, length + within);
    int first = 1 + random.nextInt(length);
    add(writer, at, first, location, within);
    if (first < length) {
      add(writer, at + first, length - first, location, within + first);
    }
    for (int i = 0; i < length; i++) {
      units[at + i] = unit(chunk, within + i);
    }
  }

  private static void add(
      MapLayerWriter writer, int at, int length, ChunkLocation location, int within)
      throws Exception {
    writer.add(new MapEntry.Data((long) at * UNIT, (long) length * UNIT, location, within * UNIT));
  }

  /** What a cursor says of the units of [fromBytes, toBytes). */
  long[] read(LayeredMap map, long fromBytes) throws Exception {
    long[] result = new long[units.length];
    MapCursor cursor = map.cursor(fromBytes);
    long position = fromBytes;
    for (MapEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      if (entry.offset() < position) {
        throw new AssertionError("not ascending: " + entry);
      }
      position = entry.end();
      fill(result, entry);
    }
    return result;
  }

  static void fill(long[] result, MapEntry entry) {
    if (!(entry instanceof MapEntry.Data data)) {
      return;
    }
    long chunk = data.location().idHigh() * inverse();
    for (long at = entry.offset(); at < entry.end(); at += UNIT) {
      int within = data.within() / UNIT + (int) ((at - entry.offset()) / UNIT);
      result[(int) (at / UNIT)] = unit(chunk, within);
      if (!data.location().equals(location(chunk, data.location().plainLength() / UNIT))) {
        throw new AssertionError("location of " + entry);
      }
    }
  }

  /** Of the odd factor in {@link #location}, modulo 2^64. */
  private static long inverse() {
    long factor = 0x9e3779b97f4a7c15L;
    long inverse = factor;
    for (int i = 0; i < 6; i++) {
      inverse *= 2 - factor * inverse;
    }
    return inverse;
  }
}
