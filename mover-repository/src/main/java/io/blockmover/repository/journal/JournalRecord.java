package io.blockmover.repository.journal;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.repository.document.Json;
import io.blockmover.repository.fingerprint.FingerprintLeaf;
import io.blockmover.repository.fingerprint.FingerprintLeafWriter;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.layer.PackDictionary;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.map.MapLeaf;
import io.blockmover.repository.map.MapLeafWriter;
import io.blockmover.repository.pack.MetadataPackWriter;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReader;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.pack.TableRow;
import io.blockmover.repository.session.SessionObjects;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One object of a journal: a span of the volume whose map entries and fingerprints are known and
 * whose packs are in the store.
 *
 * @param from first offset of the span, where the record before ended
 * @param to first offset after the span
 * @param method which list was believed about what it does not name; empty if all was compared
 * @param entries of the map, ascending
 * @param fingerprints rows of the pieces
 * @param packs the packs that the entries name; size 0 where the writer did not know it
 */
public record JournalRecord(
    long from,
    long to,
    String method,
    List<MapEntry> entries,
    FingerprintLeaf fingerprints,
    List<PackReference> packs) {

  private static final int RECORDS = 4;

  /** Where a pack's header has its name. */
  private static final int NAME_OFFSET = 16;

  /**
   * Puts a record, if absent. The packs that its entries name must be in the store already.
   *
   * @param name never used before; of the session that the key names
   * @param fingerprints empty afterwards
   * @param packBytes sizes of packs that this session wrote; others may be missing
   */
  public static PackReference write(
      MetadataStore store,
      PackName name,
      int number,
      long from,
      long to,
      String method,
      List<MapEntry> entries,
      FingerprintLeafWriter fingerprints,
      Map<PackName, Long> packBytes)
      throws MoverException {
    MetadataPackWriter pack =
        new MetadataPackWriter(
            store.store(),
            store.keys(),
            PackKind.JOURNAL,
            name,
            SessionObjects.journalKey(name.session(), number));
    pack.add(
        new byte[32],
        ByteBuffer.wrap(Json.write(new JournalSpan(from, to, method.isEmpty() ? null : method))));
    MapLeafWriter leaf = new MapLeafWriter();
    entries.forEach(leaf::add);
    PackDictionary dictionary = new PackDictionary();
    pack.add(new byte[32], leaf.write(dictionary));
    pack.add(new byte[32], fingerprints.write());
    ByteBuffer last =
        ByteBuffer.allocate(dictionary.encodedBytes() + Integer.BYTES * dictionary.size());
    dictionary.write(last);
    for (PackName named : dictionary.names()) {
      last.putInt(Math.toIntExact(packBytes.getOrDefault(named, 0L)));
    }
    pack.add(PackDictionary.rowId(), last.flip());
    return pack.finish();
  }

  /**
   * Reads a record.
   *
   * @param key as {@link SessionObjects#journalKey} makes it
   * @throws CorruptData if it is not a record of that session, or damaged
   * @throws ObjectNotFound if it is not there
   */
  public static JournalRecord read(MetadataStore store, String key) throws MoverException {
    Optional<ObjectSummary> found = store.store().find(key);
    if (found.isEmpty()) {
      throw new ObjectNotFound(key + " does not exist", "start the backup again");
    }
    long sizeBytes = found.get().sizeBytes();
    if (sizeBytes < NAME_OFFSET + PackName.BYTES) {
      throw new CorruptData(key, "a journal record", sizeBytes + " bytes");
    }
    ByteBuffer named = ByteBuffer.allocate(PackName.BYTES);
    store.store().read(key, NAME_OFFSET, named);
    PackName name = PackName.read(named.flip());
    if (!key.startsWith("w/" + name.session() + "/j-")) {
      throw new CorruptData(key, "a record of its session", "one of " + name.session());
    }
    PackReader pack =
        PackReader.open(
            store.store(), store.keys(), PackKind.JOURNAL, new PackReference(name, sizeBytes), key);
    List<TableRow> rows = pack.rows();
    if (rows.size() != RECORDS) {
      throw new CorruptData(key, RECORDS + " records", rows.size() + " records");
    }
    ByteBuffer last = ByteBuffer.wrap(pack.read(rows.get(3)));
    List<PackName> names = PackDictionary.read(last, key);
    MapLeaf leaf = new MapLeaf();
    leaf.decode(pack.read(rows.get(1)), names, key);
    FingerprintLeaf fingerprints = new FingerprintLeaf();
    fingerprints.decode(pack.read(rows.get(2)), List.of(), key);
    JournalSpan span = Json.read(pack.read(rows.get(0)), JournalSpan.class, key);
    return new JournalRecord(
        span.from(),
        span.to(),
        span.method() == null ? "" : span.method(),
        entries(leaf),
        fingerprints,
        packs(names, last, key));
  }

  private static List<MapEntry> entries(MapLeaf leaf) {
    List<MapEntry> entries = new ArrayList<>(leaf.count());
    for (int i = 0; i < leaf.count(); i++) {
      entries.add(leaf.entry(i));
    }
    return entries;
  }

  private static List<PackReference> packs(List<PackName> names, ByteBuffer sizes, String key)
      throws CorruptData {
    if (sizes.remaining() != (long) names.size() * Integer.BYTES) {
      throw new CorruptData(key, "a size per pack", sizes.remaining() + " bytes");
    }
    sizes.order(ByteOrder.LITTLE_ENDIAN);
    List<PackReference> packs = new ArrayList<>(names.size());
    for (PackName name : names) {
      packs.add(new PackReference(name, Integer.toUnsignedLong(sizes.getInt())));
    }
    return packs;
  }
}
