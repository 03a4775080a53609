package io.blockmover.repository.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.repository.fingerprint.FingerprintCompaction;
import io.blockmover.repository.fingerprint.FingerprintLayerWriter;
import io.blockmover.repository.fingerprint.PieceFingerprint;
import io.blockmover.repository.fingerprint.PieceState;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.MetadataFixture;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.usage.UsageCompaction;
import io.blockmover.repository.usage.UsageWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the layers and usage of an incremental take: 200 bytes per changed extent, and 64 KiB. */
class IncrementalMetadataSizeTest {

  private static final int CHUNK_BYTES = 512 * 1024;
  private static final int EXTENT_BYTES = 4096;
  private static final int CELLS = 10_000;
  private static final long VOLUME_BYTES = (long) CELLS * CHUNK_BYTES;
  private static final int CHUNKS_PER_PACK = 64;

  private final MetadataFixture fixture = new MetadataFixture();
  private List<Layer> map = new ArrayList<>();
  private List<Layer> fingerprints = new ArrayList<>();
  private List<PackReference> usage = new ArrayList<>();
  private int chunks;

  private ChunkLocation chunk(Random random, int plainBytes) {
    chunks++;
    PackName pack = new PackName(4, 5, 6, chunks / CHUNKS_PER_PACK);
    int stored = plainBytes / 2 + random.nextInt(plainBytes / 2);
    return new ChunkLocation(
        random.nextLong(), random.nextLong(), pack, random.nextInt(1 << 25), stored, plainBytes);
  }

  private void full(Random random) throws Exception {
    var entries = new MapLayerWriter(fixture.store, fixture.names, VOLUME_BYTES, CHUNK_BYTES);
    var pieces = new FingerprintLayerWriter(fixture.store, fixture.names, VOLUME_BYTES);
    var needs = new UsageWriter(fixture.store, fixture.names);
    byte[] fingerprint = new byte[16];
    for (long cell = 0; cell < CELLS; cell++) {
      ChunkLocation chunk = chunk(random, CHUNK_BYTES);
      entries.add(new MapEntry.Data(cell * CHUNK_BYTES, CHUNK_BYTES, chunk, 0));
      needs.add(chunk.pack(), CHUNK_BYTES);
      for (long piece = cell * 8; piece < cell * 8 + 8; piece++) {
        random.nextBytes(fingerprint);
        pieces.add(piece, PieceState.KNOWN, fingerprint);
      }
    }
    map.add(entries.finish());
    fingerprints.add(pieces.finish());
    usage.addAll(needs.finish());
  }

  /** All extents in different pieces, with new fingerprints: the most that there is to say. */
  private void incremental(Random random, int extents) throws Exception {
    var entries = new MapLayerWriter(fixture.store, fixture.names, VOLUME_BYTES, CHUNK_BYTES);
    var pieces = new FingerprintLayerWriter(fixture.store, fixture.names, VOLUME_BYTES);
    var needs = new UsageWriter(fixture.store, fixture.names);
    byte[] fingerprint = new byte[16];
    TreeSet<Long> changed = new TreeSet<>();
    while (changed.size() < extents) {
      changed.add(random.nextLong(VOLUME_BYTES / PieceFingerprint.PIECE_BYTES));
    }
    MapCursor parent = new LayeredMap(fixture.store, map, VOLUME_BYTES).cursor(0);
    for (long piece : changed) {
      long offset = piece * PieceFingerprint.PIECE_BYTES + random.nextInt(16) * EXTENT_BYTES;
      for (MapEntry lost : parent.within(offset, offset + EXTENT_BYTES)) {
        needs.add(((MapEntry.Data) lost).location().pack(), -lost.length());
      }
      ChunkLocation chunk = chunk(random, EXTENT_BYTES);
      needs.add(chunk.pack(), EXTENT_BYTES);
      entries.add(new MapEntry.Data(offset, EXTENT_BYTES, chunk, 0));
      random.nextBytes(fingerprint);
      pieces.add(piece, PieceState.KNOWN, fingerprint);
    }
    map.add(entries.finish());
    fingerprints.add(pieces.finish());
    usage.addAll(needs.finish());
  }

  private void compact() throws Exception {
    map = new ArrayList<>(MapCompaction.compact(fixture.store, fixture.names, map, CHUNK_BYTES));
    fingerprints =
        new ArrayList<>(FingerprintCompaction.compact(fixture.store, fixture.names, fingerprints));
    usage = new ArrayList<>(UsageCompaction.compact(fixture.store, fixture.names, usage));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 1500})
  void anIncrementalWritesInProportionToTheChange(int extents) throws Exception {
    Random random = new Random(MetadataFixture.seed("anIncrementalWritesInProportion"));
    full(random);
    long before = fixture.bytes();
    incremental(random, extents);
    compact();
    assertThat(fixture.bytes() - before).isLessThanOrEqualTo(200L * extents + 64 * 1024);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(ints = {10, 300})
  void manyIncrementalsDoOnAverageTooWithAllCompactions(int extents) throws Exception {
    Random random = new Random(MetadataFixture.seed("manyIncrementals"));
    full(random);
    long before = fixture.bytes();
    int backups = 120;
    for (int i = 0; i < backups; i++) {
      incremental(random, extents);
      compact();
    }
    assertThat((fixture.bytes() - before) / backups)
        .isLessThanOrEqualTo(200L * extents + 64 * 1024);
  }
}
