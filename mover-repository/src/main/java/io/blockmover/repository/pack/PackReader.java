package io.blockmover.repository.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.repository.crypto.Aead;
import io.blockmover.repository.crypto.KeySet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a metadata pack. The table is read when it is opened; a small pack is read whole at once.
 * Everything that comes out is authenticated. For one thread.
 */
public final class PackReader {

  /** Packs up to this size are fetched by one request; so much is read ahead in larger ones. */
  static final int WHOLE_BYTES = 1 << 20;

  /** How much is fetched at the end of a larger one, in the hope that the table is in it. */
  private static final int TAIL_BYTES = 64 * 1024;

  private final ObjectStore store;
  private final PackKind kind;
  private final String key;
  private final PackSeal seal;
  private final Aead aead = new Aead();
  private final long sizeBytes;
  private long loadedFrom;
  private ByteBuffer loaded;
  private final int tableOffset;
  private final List<TableRow> rows;

  private PackReader(
      ObjectStore store, KeySet keys, PackKind kind, PackName name, String key, long sizeBytes)
      throws MoverException {
    this.store = store;
    this.kind = kind;
    this.key = key;
    this.sizeBytes = sizeBytes;
    this.seal = new PackSeal(keys.lineage(), keys.metadataKey(), kind, name);
    int first = (int) Math.min(sizeBytes, sizeBytes <= WHOLE_BYTES ? WHOLE_BYTES : TAIL_BYTES);
    loadedFrom = sizeBytes - first;
    loaded = fetch(loadedFrom, first);
    PackTrailer trailer = PackTrailer.read(loaded, sizeBytes, key);
    if (loadedFrom == 0) {
      PackHeader.read(loaded.duplicate(), kind, name, key);
    }
    this.tableOffset = trailer.tableOffset();
    this.rows = readTable(trailer);
  }

  /**
   * Opens a pack: one request if it is small, two or three if not.
   *
   * @param pack name and size, as whoever names the pack has recorded them
   * @throws CorruptData if it is not that pack, or damaged
   * @throws io.blockmover.api.ObjectNotFound if it is not there
   */
  public static PackReader open(
      ObjectStore store, KeySet keys, PackKind kind, PackReference pack, String key)
      throws MoverException {
    if (pack.sizeBytes() < PackHeader.FIXED_BYTES + PackTrailer.BYTES
        || pack.sizeBytes() > PackTrailer.MAX_PACK_BYTES) {
      throw new CorruptData(key, "a pack", pack.sizeBytes() + " bytes");
    }
    return new PackReader(store, keys, kind, pack.name(), key, pack.sizeBytes());
  }

  private ByteBuffer fetch(long offset, int length) throws MoverException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    store.read(key, offset, buffer);
    return buffer.flip();
  }

  private List<TableRow> readTable(PackTrailer trailer) throws MoverException {
    int tableBytes = (int) (sizeBytes - PackTrailer.BYTES - trailer.tableOffset());
    RecordHeader header = headerAt(trailer.tableOffset(), tableBytes);
    if (header.slot() != RecordHeader.TABLE_SLOT
        || header.plainLength() != trailer.plainBytes()
        || header.storedLength() != tableBytes - RecordHeader.BYTES) {
      throw new CorruptData(key, "a table of " + trailer.rows() + " rows", header.toString());
    }
    ByteBuffer table = ByteBuffer.wrap(open(trailer.tableOffset(), header));
    List<TableRow> result = new ArrayList<>(trailer.rows());
    for (int slot = 0; slot < trailer.rows(); slot++) {
      result.add(TableRow.read(table, slot));
    }
    return List.copyOf(result);
  }

  int tableOffset() {
    return tableOffset;
  }

  /** The records, in the order in which they were added. */
  public List<TableRow> rows() {
    return rows;
  }

  /**
   * The content of a record.
   *
   * @throws CorruptData if it is not what was written
   */
  public byte[] read(TableRow row) throws MoverException {
    RecordHeader expected = row.header(kind);
    RecordHeader found = headerAt(row.offset(), RecordHeader.BYTES + row.storedLength());
    if (!found.equals(expected)) {
      throw new CorruptData(key, expected.toString(), found.toString());
    }
    return open(row.offset(), expected);
  }

  private RecordHeader headerAt(int offset, int length) throws MoverException {
    if (offset < 0 || length < RecordHeader.BYTES || (long) offset + length > sizeBytes) {
      throw new CorruptData(key, "a record inside the pack", "offset " + offset + ", " + length);
    }
    if (offset < loadedFrom || offset + length > loadedFrom + loaded.limit()) {
      boolean goesOn = offset == loadedFrom + loaded.limit();
      int ahead = (int) Math.min(WHOLE_BYTES, sizeBytes - offset);
      loaded = fetch(offset, goesOn ? Math.max(length, ahead) : length);
      loadedFrom = offset;
    }
    RecordHeader header =
        RecordHeader.read(loaded.slice((int) (offset - loadedFrom), RecordHeader.BYTES));
    if (header == null) {
      throw new CorruptData(key, "a record at offset " + offset, "no record's magic");
    }
    return header;
  }

  private byte[] open(int offset, RecordHeader header) throws CorruptData {
    int start = (int) (offset - loadedFrom) + RecordHeader.BYTES;
    int stored = header.storedLength();
    int plainLength = header.plainLength();
    if (stored < Aead.TAG_BYTES
        || start + (long) stored > loaded.limit()
        || plainLength < 0
        || plainLength > PackTrailer.MAX_PLAIN_BYTES) {
      throw new CorruptData(key, "a record at offset " + offset, header.toString());
    }
    byte[] content = new byte[stored - Aead.TAG_BYTES];
    if (!seal.open(aead, header, loaded.slice(start, stored), ByteBuffer.wrap(content))) {
      throw new CorruptData(key, "an authentic record at offset " + offset, "another");
    }
    if (header.codec() == Codec.STORED.code() && content.length == plainLength) {
      return content;
    }
    byte[] plain = new byte[plainLength];
    try {
      if (header.codec() == Codec.ZSTD.code() && Zstd.decompress(plain, content) == plainLength) {
        return plain;
      }
    } catch (ZstdException e) {
      throw new CorruptData(key, "a zstd frame at offset " + offset, "another", e);
    }
    throw new CorruptData(key, "a record of " + plainLength + " bytes", header.toString());
  }
}
