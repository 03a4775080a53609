package io.blockmover.repository.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.CorruptData;
import io.blockmover.api.Extent;
import io.blockmover.repository.layer.Compaction;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.LayerPack;
import io.blockmover.repository.layer.MetadataFixture;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.store.CountingObjectStore;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayeredMapTest {

  private final MetadataFixture fixture = new MetadataFixture();

  @Test
  void theNewestLayerDecidesAndSizesClip() throws Exception {
    long seed = MetadataFixture.seed("theNewestLayerDecidesAndSizesClip");
    for (int round = 0; round < 40; round++) {
      Random random = new Random(seed + round);
      MapModel model = new MapModel(fixture, random, 0);
      for (int layer = 0; layer < 6; layer++) {
        model.change(random.nextInt(4000), 1 + random.nextInt(6));
        assertThat(model.read(model.map(), 0)).as("round %s", round).isEqualTo(model.units);
      }
      int from = random.nextInt(model.units.length + 1);
      long[] expected = model.units.clone();
      Arrays.fill(expected, 0, from, 0);
      assertThat(model.read(model.map(), (long) from * MapModel.UNIT)).isEqualTo(expected);
    }
  }

  @Test
  void entriesWithinAscendingExtentsAreCutAtTheirEnds() throws Exception {
    Random random = new Random(MetadataFixture.seed("entriesWithin"));
    MapModel model = new MapModel(fixture, random, 0);
    for (int layer = 0; layer < 4; layer++) {
      model.change(30_000, 1 + layer * 3);
    }
    long[] found = new long[model.units.length];
    MapCursor cursor = model.map().cursor(0);
    int at = 0;
    while (at < model.units.length) {
      int end = Math.min(model.units.length, at + 1 + random.nextInt(50));
      for (MapEntry entry : cursor.within((long) at * MapModel.UNIT, (long) end * MapModel.UNIT)) {
        assertThat(entry.offset()).isGreaterThanOrEqualTo((long) at * MapModel.UNIT);
        assertThat(entry.end()).isLessThanOrEqualTo((long) end * MapModel.UNIT);
        MapModel.fill(found, entry);
      }
      int skipped = random.nextInt(10) == 0 ? random.nextInt(9000) : 0;
      for (int i = end; i < Math.min(end + skipped, found.length); i++) {
        found[i] = model.units[i];
      }
      at = end + skipped;
    }
    assertThat(found).isEqualTo(model.units);
  }

  @Test
  void compactionKeepsTheMapAndBoundsTheLayers() throws Exception {
    long seed = MetadataFixture.seed("compactionKeepsTheMapAndBoundsTheLayers");
    for (int round = 0; round < 6; round++) {
      Random random = new Random(seed + round);
      MapModel model = new MapModel(fixture, random, 0);
      int size = 3000;
      for (int backup = 0; backup < 60; backup++) {
        if (random.nextInt(12) == 0) {
          size = 2000 + random.nextInt(2000);
        }
        model.change(size, backup == 0 ? 1 : 20 + random.nextInt(400));
        List<Layer> compacted =
            MapCompaction.compact(fixture.store, fixture.names, model.layers, MapModel.CHUNK_BYTES);
        model.layers.clear();
        model.layers.addAll(compacted);
        assertThat(model.layers).hasSizeLessThanOrEqualTo(Compaction.MAX_OVERLAYS + 1);
        assertThat(model.read(model.map(), 0)).as("%s/%s", round, backup).isEqualTo(model.units);
      }
    }
  }

  @Test
  void aMergedOverlayDoesNotUncoverWhatShrinkingCutOff() throws Exception {
    MapModel model = new MapModel(fixture, new Random(1), 0);
    model.change(4000, 1);
    for (int i = 0; i < Compaction.MAX_OVERLAYS; i++) {
      model.change(i == 14 ? 2000 : 4000, 3000);
    }
    model.change(4000, 3000);
    List<Layer> compacted =
        MapCompaction.compact(fixture.store, fixture.names, model.layers, MapModel.CHUNK_BYTES);
    LayeredMap map = new LayeredMap(fixture.store, compacted, model.volumeBytes());
    assertThat(model.read(map, 0)).isEqualTo(model.units);
    assertThat(compacted).hasSizeLessThanOrEqualTo(17);
  }

  @Test
  void aDifferenceIsExactlyWhereTheUnitsDiffer() throws Exception {
    long seed = MetadataFixture.seed("aDifferenceIsExactlyWhereTheUnitsDiffer");
    for (int round = 0; round < 40; round++) {
      Random random = new Random(seed + round);
      MapModel model = new MapModel(fixture, random, 0);
      model.change(1 + random.nextInt(4000), 2);
      LayeredMap base = model.map();
      long[] before = model.units;
      for (int layer = random.nextInt(3); layer >= 0; layer--) {
        model.change(1 + random.nextInt(4000), 1 + random.nextInt(100));
      }
      if (random.nextInt(4) == 0) {
        List<Layer> compacted =
            MapCompaction.compact(fixture.store, fixture.names, model.layers, MapModel.CHUNK_BYTES);
        model.layers.clear();
        model.layers.addAll(compacted);
      }
      boolean[] expected = new boolean[model.units.length];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = i >= before.length || before[i] != model.units[i];
      }
      boolean[] found = new boolean[expected.length];
      long last = -1;
      var difference = MapDifference.between(base, model.map(), 0);
      for (Extent e = difference.next(); e != null; e = difference.next()) {
        assertThat(e.offset()).isGreaterThan(last);
        last = e.end();
        Arrays.fill(
            found, (int) (e.offset() / MapModel.UNIT), (int) (e.end() / MapModel.UNIT), true);
      }
      assertThat(found).as("round %s", round).isEqualTo(expected);
    }
  }

  @Test
  void allocatedIsExactlyWhatIsNotZeroFromAnyOffset() throws Exception {
    long seed = MetadataFixture.seed("allocatedIsExactlyWhatIsNotZeroFromAnyOffset");
    for (int round = 0; round < 40; round++) {
      Random random = new Random(seed + round);
      MapModel model = new MapModel(fixture, random, 0);
      for (int layer = random.nextInt(3); layer >= 0; layer--) {
        model.change(1 + random.nextInt(4000), 1 + random.nextInt(100));
      }
      int from = random.nextInt(model.units.length);
      boolean[] expected = new boolean[model.units.length];
      for (int i = from; i < expected.length; i++) {
        expected[i] = model.units[i] != 0;
      }
      boolean[] found = new boolean[expected.length];
      long last = -1;
      var allocated = AllocatedExtents.of(model.map(), (long) from * MapModel.UNIT);
      for (Extent e = allocated.next(); e != null; e = allocated.next()) {
        assertThat(e.offset()).as("touching extents are one").isGreaterThan(last);
        last = e.end();
        Arrays.fill(
            found, (int) (e.offset() / MapModel.UNIT), (int) (e.end() / MapModel.UNIT), true);
      }
      assertThat(found).as("round %s", round).isEqualTo(expected);
    }
  }

  @Test
  void aDifferenceReadsSharedLayersOnlyWhereOthersSaySomething() throws Exception {
    MapModel model = new MapModel(fixture, new Random(5), 0);
    model.change(200_000, 1);
    List<Layer> baseLayers = List.copyOf(model.layers);
    model.change(200_000, 10_000);
    CountingObjectStore counting = new CountingObjectStore(fixture.objects);
    MetadataStore store = new MetadataStore(counting, fixture.keys);
    var difference =
        MapDifference.between(
            new LayeredMap(store, baseLayers, model.volumeBytes()),
            new LayeredMap(store, model.layers, model.volumeBytes()),
            0);
    int extents = 0;
    while (difference.next() != null) {
      extents++;
    }
    assertThat(extents).isBetween(2, 20);
    assertThat(counting.usage().downloadedBytes())
        .isLessThan(baseLayers.getFirst().packs().getFirst().bytes());
  }

  @Test
  void neighboursThatSayTheSameBecomeOneEntry() throws Exception {
    MapLayerWriter writer = new MapLayerWriter(fixture.store, fixture.names, 1 << 20, 1 << 16);
    var location = MapModel.location(5, 16);
    writer.add(new MapEntry.Data(0, 4096, location, 0));
    writer.add(new MapEntry.Data(4096, 4096, location, 4096));
    writer.add(new MapEntry.Data(8192, 4096, location, 0));
    writer.add(new MapEntry.Zero(65536, 65536));
    writer.add(new MapEntry.Zero(131072, 4096));
    Layer layer = writer.finish();
    assertThat(layer.entries()).isEqualTo(3);
    assertThat(layer.packs().getFirst().to()).isEqualTo(135168);
    MapCursor cursor = new LayeredMap(fixture.store, List.of(layer), 1 << 20).cursor(0);
    assertThat(cursor.next()).isEqualTo(new MapEntry.Data(0, 8192, location, 0));
    assertThat(cursor.next()).isEqualTo(new MapEntry.Data(8192, 4096, location, 0));
    assertThat(cursor.next()).isEqualTo(new MapEntry.Zero(65536, 69632));
    assertThat(cursor.next()).isNull();
    assertThat(cursor.next()).isNull();
  }

  @Test
  void entriesOutOfOrderAcrossCellsOrBeyondTheVolumeAreRefused() throws Exception {
    MapLayerWriter writer = new MapLayerWriter(fixture.store, fixture.names, 1 << 20, 1 << 16);
    var location = MapModel.location(5, 16);
    assertThatThrownBy(() -> writer.add(new MapEntry.Data(4096, 65536, location, 0)))
        .isInstanceOf(IllegalArgumentException.class);
    writer.add(new MapEntry.Zero(4096, 4096));
    assertThatThrownBy(() -> writer.add(new MapEntry.Zero(4096, 4096)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.add(new MapEntry.Zero(8192, 1 << 20)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyFlippedBitIsFoundAndNamesTheObject() throws Exception {
    MapModel model = new MapModel(fixture, new Random(3), 0);
    model.change(3000, 1);
    LayerPack pack = model.layers.getFirst().packs().getFirst();
    String key = PackKind.MAP.keyOf(pack.reference().name());
    Random random = new Random(MetadataFixture.seed("everyFlippedBitIsFound"));
    for (int i = 0; i < 300; i++) {
      int at = i < 60 ? i : random.nextInt((int) pack.bytes());
      fixture.flip(key, at);
      assertThatThrownBy(() -> model.read(model.map(), 0))
          .as("byte %s", at)
          .isInstanceOf(CorruptData.class)
          .hasMessageContaining(key);
      fixture.flip(key, at);
    }
    assertThat(model.read(model.map(), 0)).isEqualTo(model.units);
  }
}
