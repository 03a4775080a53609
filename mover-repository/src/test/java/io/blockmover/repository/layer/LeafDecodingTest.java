package io.blockmover.repository.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.CorruptData;
import io.blockmover.repository.fingerprint.FingerprintLeaf;
import io.blockmover.repository.fingerprint.FingerprintLeafWriter;
import io.blockmover.repository.fingerprint.PieceState;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.map.MapLeaf;
import io.blockmover.repository.map.MapLeafWriter;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Leaves that are authentic and wrong all the same (written by a broken program). */
class LeafDecodingTest {

  private static final PackName PACK = new PackName(1, 2, 3, 4);

  private static byte[] mapLeaf() {
    MapLeafWriter writer = new MapLeafWriter();
    ChunkLocation chunk = new ChunkLocation(5, 6, PACK, 100, 3000, 4096);
    for (int i = 0; i < 20; i++) {
      writer.add(
          i % 3 == 0
              ? new MapEntry.Zero(i * 8192L, 4096)
              : new MapEntry.Data(i * 8192L, 2048, chunk, 512));
    }
    return writer.write(new PackDictionary()).array();
  }

  private static byte[] fingerprintLeaf() {
    FingerprintLeafWriter writer = new FingerprintLeafWriter();
    for (int i = 0; i < 20; i++) {
      writer.add(i * 3, PieceState.KNOWN, new byte[16]);
    }
    return writer.write().array();
  }

  private static void decodeAll(Leaf leaf, byte[] plain) throws CorruptData {
    leaf.decode(plain, List.of(PACK), "m/00/x");
    for (int i = 0; i < leaf.count(); i++) {
      assertThat(leaf.end(i)).isGreaterThan(leaf.start(i));
      assertThat(i == 0 || leaf.start(i) >= leaf.end(i - 1)).isTrue();
      switch (leaf) {
        case MapLeaf map -> assertThat(map.entry(i).offset()).isEqualTo(leaf.start(i));
        case FingerprintLeaf pieces -> assertThat(pieces.state(i)).isNotNull();
        default -> throw new AssertionError(leaf);
      }
    }
  }

  @Test
  void anyBytesAreRowsOrDamage() throws Exception {
    Random random = new Random(MetadataFixture.seed("anyBytesAreRowsOrDamage"));
    int damaged = 0;
    byte[] mapLeaf = mapLeaf();
    byte[] fingerprintLeaf = fingerprintLeaf();
    for (int round = 0; round < 10_000; round++) {
      boolean map = round % 2 == 0;
      byte[] plain = (map ? mapLeaf : fingerprintLeaf).clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        plain[random.nextInt(plain.length)] = (byte) random.nextInt();
      }
      try {
        decodeAll(map ? new MapLeaf() : new FingerprintLeaf(), plain);
      } catch (CorruptData e) {
        damaged++;
      }
    }
    assertThat(damaged).isGreaterThan(500);
  }

  @Test
  void leavesCutShortAreDamage() throws Exception {
    byte[] leaf = mapLeaf();
    for (int length = 0; length < leaf.length; length++) {
      byte[] cut = Arrays.copyOf(leaf, length);
      assertThatThrownBy(() -> decodeAll(new MapLeaf(), cut))
          .isInstanceOf(CorruptData.class)
          .hasMessageContaining("m/00/x");
    }
    byte[] pieces = fingerprintLeaf();
    for (int length = 0; length < pieces.length; length++) {
      byte[] cut = Arrays.copyOf(pieces, length);
      assertThatThrownBy(() -> decodeAll(new FingerprintLeaf(), cut))
          .isInstanceOf(CorruptData.class);
    }
  }
}
