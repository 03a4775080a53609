package io.blockmover.repository.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.CorruptData;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.repository.layer.MetadataFixture;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkIndexTest {

  private final MetadataFixture fixture = new MetadataFixture();

  private static List<ChunkLocation> chunks(Random random, int count, long session) {
    List<ChunkLocation> chunks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      PackName pack = new PackName(session, 1, 2, i / 64);
      chunks.add(
          new ChunkLocation(
              random.nextLong(), random.nextLong(), pack, i % 64 * 100, 90 + i % 9, 4096));
    }
    return chunks;
  }

  private IndexSegment segment(List<ChunkLocation> chunks, long asOf) throws Exception {
    IndexSegmentWriter writer = new IndexSegmentWriter();
    chunks.forEach(writer::add);
    PackReference pack = writer.finish(fixture.store, fixture.names.next(), 0, asOf);
    return IndexSegment.open(fixture.store, pack, 0);
  }

  @Test
  void everyChunkIsFoundAndNoOther() throws Exception {
    Random random = new Random(MetadataFixture.seed("everyChunkIsFound"));
    for (int count : new int[] {1, 2, 2047, 2048, 2049, 30_000}) {
      List<ChunkLocation> chunks = chunks(random, count, 5);
      IndexSegment segment = segment(chunks, 17);
      assertThat(segment.asOf()).isEqualTo(17);
      segment.loadFilter();
      for (ChunkLocation chunk : chunks.subList(0, Math.min(count, 3000))) {
        assertThat(segment.find(chunk.idHigh(), chunk.idLow())).isEqualTo(chunk);
        assertThat(segment.find(chunk.idHigh(), chunk.idLow() + 1)).isNull();
      }
      int rows = 0;
      for (int page = 0; page < segment.pageCount(); page++) {
        rows += segment.rowsOfPage(page).size();
      }
      assertThat(rows).isEqualTo(count);
    }
  }

  @Test
  void theFilterSparesAlmostAllRequestsForUnknownChunks() throws Exception {
    Random random = new Random(MetadataFixture.seed("theFilterSpares"));
    IndexSegment segment = segment(chunks(random, 100_000, 5), 0);
    segment.loadFilter();
    long before = fixture.objects.requests(StoreOperation.READ);
    for (int i = 0; i < 5000; i++) {
      assertThat(segment.find(random.nextLong(), random.nextLong())).isNull();
    }
    // 10 bits per entry and 7 hashes: 0.8 %.
    assertThat(fixture.objects.requests(StoreOperation.READ) - before).isLessThan(100);
  }

  @Test
  void oneChunkInTwoPlacesIsKeptOnceAndIdsWithEqualFirstHalvesAreSorted() throws Exception {
    List<ChunkLocation> chunks = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      chunks.add(new ChunkLocation(-1, 1000 - i, new PackName(1, 1, 1, i), 0, 50, 4096));
    }
    chunks.add(new ChunkLocation(-1, 1000, new PackName(1, 1, 1, 999), 0, 50, 4096));
    IndexSegment segment = segment(chunks, 0);
    assertThat(segment.rowsOfPage(0)).hasSize(200);
    for (ChunkLocation chunk : chunks.subList(1, 200)) {
      assertThat(segment.find(chunk.idHigh(), chunk.idLow())).isEqualTo(chunk);
    }
  }

  @Test
  void segmentsBeyondTheBudgetAreNotAskedAndNamed() throws Exception {
    Random random = new Random(MetadataFixture.seed("segmentsBeyondTheBudget"));
    List<ChunkLocation> newer = chunks(random, 5000, 5);
    List<ChunkLocation> older = chunks(random, 5000, 6);
    IndexSegment first = segment(newer, 3);
    IndexSegment second = segment(older, 2);
    ChunkIndex index =
        ChunkIndex.of(
            List.of(first, second), first.filterBytes() + 10, IndexRules.withoutCollection());
    assertThat(index.leftOut()).containsExactly(second.key());
    assertThat(index.find(newer.get(9).idHigh(), newer.get(9).idLow())).isEqualTo(newer.get(9));
    assertThat(index.find(older.get(9).idHigh(), older.get(9).idLow())).isNull();
  }

  @Test
  void oldSegmentsAndCondemnedPacksAreNotUsed() throws Exception {
    Random random = new Random(MetadataFixture.seed("oldSegments"));
    List<ChunkLocation> young = chunks(random, 500, 5);
    List<ChunkLocation> old = chunks(random, 500, 6);
    PackName condemned = young.getFirst().pack();
    IndexRules rules =
        new IndexRules() {
          @Override
          public boolean usable(long asOf) {
            return asOf >= 4;
          }

          @Override
          public boolean usable(PackName pack, long asOf) {
            assertThat(asOf).isEqualTo(5);
            return !pack.equals(condemned);
          }
        };
    ChunkIndex index = ChunkIndex.of(List.of(segment(old, 3), segment(young, 5)), 1 << 20, rules);
    assertThat(index.leftOut()).isEmpty();
    assertThat(index.find(old.get(3).idHigh(), old.get(3).idLow())).isNull();
    assertThat(index.find(young.get(3).idHigh(), young.get(3).idLow())).isNull();
    assertThat(index.find(young.get(400).idHigh(), young.get(400).idLow()))
        .isEqualTo(young.get(400));
  }

  @Test
  void everyFlippedBitIsFoundAndNamesTheObject() throws Exception {
    Random random = new Random(MetadataFixture.seed("everyFlippedBitIsFound"));
    List<ChunkLocation> chunks = chunks(random, 6000, 5);
    IndexSegmentWriter writer = new IndexSegmentWriter();
    chunks.forEach(writer::add);
    PackReference pack = writer.finish(fixture.store, fixture.names.next(), 0, 9);
    String key = IndexSegmentWriter.keyOf(0, pack.name());
    for (int i = 0; i < 200; i++) {
      int at = i < 60 ? i : random.nextInt((int) pack.sizeBytes());
      fixture.flip(key, at);
      assertThatThrownBy(() -> readAll(pack))
          .as("byte %s", at)
          .isInstanceOf(CorruptData.class)
          .hasMessageContaining(key);
      fixture.flip(key, at);
    }
    readAll(pack);
  }

  private void readAll(PackReference pack) throws Exception {
    IndexSegment segment = IndexSegment.open(fixture.store, pack, 0);
    segment.loadFilter();
    for (int page = 0; page < segment.pageCount(); page++) {
      segment.rowsOfPage(page);
    }
  }
}
