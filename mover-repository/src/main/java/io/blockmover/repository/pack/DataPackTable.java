package io.blockmover.repository.pack;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.repository.crypto.Aead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a data pack says it holds. Restoring needs no table; checking does, since only the table
 * shows that the bytes of a pack are accounted for without a gap.
 */
public final class DataPackTable {

  /** Read at the end of the pack, in the hope that the table is in it. */
  private static final int TAIL_BYTES = 16 * 1024;

  private final PackName name;
  private final String key;
  private final List<TableRow> rows;

  private DataPackTable(PackName name, String key, List<TableRow> rows) {
    this.name = name;
    this.key = key;
    this.rows = rows;
  }

  /**
   * Reads header, trailer and table, with two or three requests, and checks that they agree.
   *
   * @param pack name and size, as the backup's usage has recorded them
   * @throws CorruptData if it is not that pack, or damaged
   * @throws io.blockmover.api.ObjectNotFound if it is not there
   */
  public static DataPackTable read(ObjectStore store, DataKeys dataKeys, PackReference pack)
      throws MoverException {
    String key = PackKind.DATA.keyOf(pack.name());
    if (pack.sizeBytes() < PackHeader.DATA_BYTES + PackTrailer.BYTES
        || pack.sizeBytes() > PackTrailer.MAX_PACK_BYTES) {
      throw new CorruptData(key, "a data pack", pack.sizeBytes() + " bytes");
    }
    int headerBytes = dataKeys.requireHeader(pack.name());
    Tail tail = new Tail(store, key, pack.sizeBytes());
    PackTrailer trailer = PackTrailer.read(tail.last(TAIL_BYTES), pack.sizeBytes(), key);
    long tableBytes = pack.sizeBytes() - trailer.tableOffset();
    ByteBuffer table = tail.last(Math.toIntExact(tableBytes));
    List<TableRow> rows = open(dataKeys.sealOf(pack.name()), trailer, table, key);
    requireNoGaps(rows, headerBytes, trailer.tableOffset(), key);
    return new DataPackTable(pack.name(), key, rows);
  }

  private static List<TableRow> open(
      PackSeal seal, PackTrailer trailer, ByteBuffer record, String key) throws CorruptData {
    RecordHeader header = RecordHeader.read(record);
    int plainLength = trailer.plainBytes();
    if (header == null
        || header.slot() != RecordHeader.TABLE_SLOT
        || header.codec() != Codec.STORED.code()
        || header.plainLength() != plainLength
        || header.storedLength() != plainLength + Aead.TAG_BYTES
        || header.storedLength() != record.remaining() - PackTrailer.BYTES) {
      throw new CorruptData(key, "a table of " + trailer.rows() + " rows", String.valueOf(header));
    }
    ByteBuffer plain = ByteBuffer.allocate(plainLength);
    ByteBuffer sealed = record.slice(record.position(), header.storedLength());
    if (!seal.open(new Aead(), header, sealed, plain)) {
      throw new CorruptData(key, "an authentic table", "another");
    }
    plain.flip();
    List<TableRow> rows = new ArrayList<>(trailer.rows());
    for (int slot = 0; slot < trailer.rows(); slot++) {
      rows.add(TableRow.read(plain, slot));
    }
    return List.copyOf(rows);
  }

  private static void requireNoGaps(List<TableRow> rows, int start, int end, String key)
      throws CorruptData {
    long at = start;
    for (TableRow row : rows) {
      if (row.offset() != at || row.storedLength() < Aead.TAG_BYTES) {
        throw new CorruptData(key, "a record at offset " + at, row.offset() + " in its table");
      }
      at += RecordHeader.BYTES + row.storedLength();
    }
    if (at != end) {
      throw new CorruptData(key, "the table at offset " + at, "offset " + end);
    }
  }

  public PackName name() {
    return name;
  }

  /** The object. */
  public String key() {
    return key;
  }

  /** How many chunks it holds. */
  public int size() {
    return rows.size();
  }

  /** Where the chunk of a slot is. */
  public ChunkLocation location(int slot) {
    TableRow row = rows.get(slot);
    ChunkId id = id(slot);
    return new ChunkLocation(
        id.a(), id.b(), name, row.offset(), row.storedLength(), row.plainLength());
  }

  /** The whole id of the chunk of a slot. */
  public ChunkId id(int slot) {
    return ChunkId.of(rows.get(slot).id());
  }

  /** The slot whose record begins at an offset of the pack, if there is one. */
  public Optional<ChunkLocation> at(int offset) {
    int low = 0;
    int high = rows.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = rows.get(middle).offset();
      if (found == offset) {
        return Optional.of(location(middle));
      }
      if (found < offset) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }

  /** The end of an object, read once more only if the first guess was too short. */
  private static final class Tail {

    private final ObjectStore store;
    private final String key;
    private final long sizeBytes;
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    Tail(ObjectStore store, String key, long sizeBytes) {
      this.store = store;
      this.key = key;
      this.sizeBytes = sizeBytes;
    }

    ByteBuffer last(int wanted) throws MoverException {
      int length = (int) Math.min(wanted, sizeBytes);
      if (bytes.limit() < length) {
        bytes = ByteBuffer.allocate(length);
        store.read(key, sizeBytes - length, bytes);
        bytes.flip();
      }
      return bytes.slice(bytes.limit() - length, length);
    }
  }
}
