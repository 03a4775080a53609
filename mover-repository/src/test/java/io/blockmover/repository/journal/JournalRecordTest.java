package io.blockmover.repository.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.CorruptData;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.fingerprint.FingerprintLeafWriter;
import io.blockmover.repository.fingerprint.PieceState;
import io.blockmover.repository.layer.MetadataFixture;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.session.SessionObjects;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JournalRecordTest {

  private static final PackName OWN = new PackName(1, 2, 3, 77);
  private static final PackName FOREIGN = new PackName(9, 9, 9, 9);

  private final MetadataFixture fixture = new MetadataFixture();
  private final String session = fixture.names.session();

  private PackReference write(int number, List<MapEntry> entries) throws Exception {
    FingerprintLeafWriter fingerprints = new FingerprintLeafWriter();
    byte[] fingerprint = new byte[16];
    Arrays.fill(fingerprint, (byte) 7);
    fingerprints.add(3, PieceState.KNOWN, fingerprint);
    fingerprints.add(5000, PieceState.UNKNOWN, fingerprint);
    return JournalRecord.write(
        fixture.store,
        fixture.names.next(),
        number,
        1L << 40,
        1L << 41,
        "DELTA fake",
        entries,
        fingerprints,
        Map.of(OWN, 32_000_000L));
  }

  private static List<MapEntry> entries(int count) {
    List<MapEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long offset = (1L << 40) + i * 8192L;
      ChunkLocation chunk = new ChunkLocation(i, -i, i % 2 == 0 ? OWN : FOREIGN, i, 100, 4096);
      entries.add(
          i % 5 == 4
              ? new MapEntry.Zero(offset, 4096)
              : new MapEntry.Data(offset, 2048, chunk, 512));
    }
    return entries;
  }

  @Test
  void aRecordIsReadAsItWasWritten() throws Exception {
    List<MapEntry> entries = entries(5000);
    write(17, entries);
    assertThat(fixture.objects.find("w/" + session + "/j-00000011")).isPresent();
    JournalRecord read = JournalRecord.read(fixture.store, SessionObjects.journalKey(session, 17));
    assertThat(read.from()).isEqualTo(1L << 40);
    assertThat(read.to()).isEqualTo(1L << 41);
    assertThat(read.method()).isEqualTo("DELTA fake");
    assertThat(read.entries()).isEqualTo(entries);
    assertThat(read.packs())
        .containsExactly(new PackReference(OWN, 32_000_000), new PackReference(FOREIGN, 0));
    assertThat(read.fingerprints().count()).isEqualTo(2);
    assertThat(read.fingerprints().start(1)).isEqualTo(5000);
    assertThat(read.fingerprints().state(0)).isEqualTo(PieceState.KNOWN);
    byte[] fingerprint = new byte[16];
    read.fingerprints().copyFingerprint(0, fingerprint);
    assertThat(fingerprint).containsOnly(7);
  }

  @Test
  void aRecordWithoutEntriesIsOne() throws Exception {
    write(0, List.of());
    assertThat(JournalRecord.read(fixture.store, SessionObjects.journalKey(session, 0)).entries())
        .isEmpty();
  }

  @Test
  void aRecordIsNeverReplaced() throws Exception {
    write(0, List.of());
    assertThatThrownBy(() -> write(0, entries(3))).isInstanceOf(ObjectAlreadyExists.class);
  }

  @Test
  void aRecordOfAnotherSessionIsDamage() throws Exception {
    write(0, entries(3));
    String other = "0".repeat(31) + "8";
    byte[] bytes = fixture.objects.load(SessionObjects.journalKey(session, 0), 1 << 20).bytes();
    fixture.objects.put(SessionObjects.journalKey(other, 0), ByteBuffer.wrap(bytes));
    assertThatThrownBy(() -> JournalRecord.read(fixture.store, SessionObjects.journalKey(other, 0)))
        .isInstanceOf(CorruptData.class)
        .hasMessageContaining(other);
  }

  @Test
  void aMissingRecordIsNotFound() {
    assertThatThrownBy(
            () -> JournalRecord.read(fixture.store, SessionObjects.journalKey(session, 4)))
        .isInstanceOf(ObjectNotFound.class);
  }

  @Test
  void everyFlippedBitIsFoundAndNamesTheObject() throws Exception {
    PackReference written = write(0, entries(20));
    String key = SessionObjects.journalKey(session, 0);
    for (int at = 0; at < written.sizeBytes(); at += 3) {
      fixture.flip(key, at);
      assertThatThrownBy(() -> JournalRecord.read(fixture.store, key))
          .as("byte %s", at)
          .isInstanceOf(CorruptData.class)
          .hasMessageContaining(key);
      fixture.flip(key, at);
    }
    byte[] bytes = fixture.objects.load(key, 1 << 20).bytes();
    for (int size = 0; size < bytes.length; size += 17) {
      fixture.objects.put(key, ByteBuffer.wrap(bytes, 0, size));
      assertThatThrownBy(() -> JournalRecord.read(fixture.store, key))
          .isInstanceOf(CorruptData.class);
    }
  }
}
