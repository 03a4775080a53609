package io.blockmover.repository.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.CorruptData;
import io.blockmover.repository.layer.Compaction;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.LayerPack;
import io.blockmover.repository.layer.MetadataFixture;
import io.blockmover.repository.pack.PackKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayeredFingerprintsTest {

  private static final long UNKNOWN = -1;

  private final MetadataFixture fixture = new MetadataFixture();
  private final List<Layer> layers = new ArrayList<>();

  /** Per piece: 0 zero, -1 unknown, else the number in its fingerprint. */
  private long[] pieces = new long[0];

  private static long bytes(long pieceCount) {
    return pieceCount * PieceFingerprint.PIECE_BYTES;
  }

  private static byte[] fingerprint(long number) {
    return ByteBuffer.allocate(16).putLong(number).putLong(~number * 31).array();
  }

  private void change(Random random, int pieceCount, int sparsity) throws Exception {
    pieces = Arrays.copyOf(pieces, pieceCount);
    // A last piece that is shorter still is a piece.
    long volumeBytes = pieceCount == 0 ? 0 : bytes(pieceCount) - random.nextInt(60_000);
    var writer = new FingerprintLayerWriter(fixture.store, fixture.names, volumeBytes);
    for (int i = 0; i < pieceCount; i++) {
      if (random.nextInt(sparsity) == 0) {
        pieces[i] = random.nextInt(-1, 1_000_000);
        PieceState state =
            pieces[i] == 0
                ? PieceState.ZERO
                : pieces[i] == UNKNOWN ? PieceState.UNKNOWN : PieceState.KNOWN;
        writer.add(i, state, fingerprint(pieces[i]));
      }
    }
    layers.add(writer.finish());
  }

  private long[] read(int step) throws Exception {
    var cursor = new FingerprintCursor(fixture.store, layers, bytes(pieces.length));
    long[] found = new long[pieces.length];
    byte[] fingerprint = new byte[16];
    for (int i = 0; i < found.length; i += step) {
      found[i] =
          switch (cursor.find(i, fingerprint)) {
            case ZERO -> 0;
            case UNKNOWN -> UNKNOWN;
            case KNOWN -> ByteBuffer.wrap(fingerprint).getLong();
          };
      if (found[i] > 0) {
        assertThat(fingerprint).isEqualTo(fingerprint(found[i]));
      }
    }
    return found;
  }

  @Test
  void theNewestLayerDecidesAndWhatNoneNamesIsZero() throws Exception {
    Random random = new Random(MetadataFixture.seed("theNewestLayerDecides"));
    for (int round = 0; round < 15; round++) {
      layers.clear();
      pieces = new long[0];
      for (int layer = 0; layer < 4; layer++) {
        change(random, random.nextInt(12_000), 1 + random.nextInt(9));
        assertThat(read(1)).as("round %s", round).isEqualTo(pieces);
      }
      int step = 2 + random.nextInt(5000);
      long[] some = new long[pieces.length];
      for (int i = 0; i < some.length; i += step) {
        some[i] = pieces[i];
      }
      assertThat(read(step)).isEqualTo(some);
    }
  }

  @Test
  void compactionKeepsWhatIsKnownAndBoundsTheLayers() throws Exception {
    Random random = new Random(MetadataFixture.seed("compactionKeepsWhatIsKnown"));
    int size = 5000;
    for (int backup = 0; backup < 80; backup++) {
      if (random.nextInt(15) == 0) {
        size = 3000 + random.nextInt(4000);
      }
      change(random, size, backup == 0 ? 1 : 20 + random.nextInt(600));
      List<Layer> compacted = FingerprintCompaction.compact(fixture.store, fixture.names, layers);
      layers.clear();
      layers.addAll(compacted);
      assertThat(layers).hasSizeLessThanOrEqualTo(Compaction.MAX_OVERLAYS + 1);
      assertThat(read(1)).as("backup %s", backup).isEqualTo(pieces);
    }
  }

  @Test
  void piecesAreAskedForInAscendingOrder() throws Exception {
    var cursor = new FingerprintCursor(fixture.store, List.of(), bytes(9));
    assertThat(cursor.find(5, new byte[16])).isEqualTo(PieceState.ZERO);
    assertThat(cursor.find(5, new byte[16])).isEqualTo(PieceState.ZERO);
    assertThatThrownBy(() -> cursor.find(4, new byte[16]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rowsOutOfOrderOrBeyondTheVolumeAreRefused() throws Exception {
    var writer = new FingerprintLayerWriter(fixture.store, fixture.names, bytes(9) - 1);
    writer.add(8, PieceState.UNKNOWN, new byte[16]);
    assertThatThrownBy(() -> writer.add(8, PieceState.ZERO, new byte[16]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.add(9, PieceState.ZERO, new byte[16]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyFlippedBitIsFoundAndNamesTheObject() throws Exception {
    Random random = new Random(MetadataFixture.seed("everyFlippedBitIsFound"));
    change(random, 9000, 1);
    LayerPack pack = layers.getFirst().packs().getFirst();
    String key = PackKind.FINGERPRINT.keyOf(pack.reference().name());
    for (int i = 0; i < 200; i++) {
      int at = i < 60 ? i : random.nextInt((int) pack.bytes());
      fixture.flip(key, at);
      assertThatThrownBy(() -> read(1))
          .as("byte %s", at)
          .isInstanceOf(CorruptData.class)
          .hasMessageContaining(key);
      fixture.flip(key, at);
    }
  }
}
