package io.blockmover.repository.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.MetadataFixture;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A million entries pass through memory that would hold a tenth of them. */
@Tag("slow")
class LargeMapTest {

  private static final int ENTRIES = 1_000_000;
  private static final int CHUNK_BYTES = 512 * 1024;

  private final MetadataFixture fixture = new MetadataFixture();

  private long usedBytes() throws Exception {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory() - fixture.bytes();
  }

  private Layer layer(Random random, int everyth) throws Exception {
    long volume = (long) ENTRIES * CHUNK_BYTES;
    var writer = new MapLayerWriter(fixture.store, fixture.names, volume, CHUNK_BYTES);
    for (int i = 0; i < ENTRIES; i += everyth) {
      ChunkLocation chunk =
          new ChunkLocation(
              random.nextLong(),
              random.nextLong(),
              new PackName(1, 2, 3, i / 64),
              i % 64 * 400_000,
              400_000,
              CHUNK_BYTES);
      writer.add(new MapEntry.Data((long) i * CHUNK_BYTES, CHUNK_BYTES, chunk, 0));
    }
    return writer.finish();
  }

  @Test
  void writingReadingAndMergingAMillionEntriesTakesConstantMemory() throws Exception {
    Random random = new Random(MetadataFixture.seed("aMillionEntries"));
    long before = usedBytes();
    List<Layer> layers = new ArrayList<>(List.of(layer(random, 1), layer(random, 3)));
    assertThat(layers.getFirst().packs()).hasSizeGreaterThan(2);
    long volume = layers.getFirst().volumeBytes();
    MapCursor cursor = new LayeredMap(fixture.store, layers, volume).cursor(0);
    for (int i = 0; i < ENTRIES; i++) {
      MapEntry entry = cursor.next();
      assertThat(entry).isNotNull();
      if (entry.offset() != (long) i * CHUNK_BYTES) {
        throw new AssertionError(i + ": " + entry);
      }
      if (i == ENTRIES / 2) {
        assertThat(usedBytes() - before).isLessThan(24L << 20);
      }
    }
    assertThat(cursor.next()).isNull();
    List<Layer> merged = MapCompaction.compact(fixture.store, fixture.names, layers, CHUNK_BYTES);
    assertThat(merged).hasSize(1);
    assertThat(merged.getFirst().entries()).isEqualTo(ENTRIES);
    assertThat(usedBytes() - before).isLessThan(24L << 20);
  }
}
