package io.blockmover.repository.pack;

import com.github.luben.zstd.Zstd;
import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.repository.crypto.Aead;
import io.blockmover.repository.crypto.KeySet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Collects the records of one metadata pack (maps, fingerprints, usage, index, journal) in memory
 * and puts it when finished. For one thread.
 */
public final class MetadataPackWriter {

  private static final int COMPRESS_FROM_BYTES = 64;

  private final ObjectStore store;
  private final PackKind kind;
  private final PackName name;
  private final String key;
  private final PackSeal seal;
  private final Aead aead = new Aead();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final List<TableRow> rows = new ArrayList<>();

  /**
   * @param key the object's key: {@link PackKind#keyOf} for maps, fingerprints and usage
   * @throws IllegalArgumentException for data packs
   */
  public MetadataPackWriter(
      ObjectStore store, KeySet keys, PackKind kind, PackName name, String key) {
    if (kind == PackKind.DATA) {
      throw new IllegalArgumentException("data packs are written by DataPackWriter");
    }
    this.store = store;
    this.kind = kind;
    this.name = name;
    this.key = key;
    this.seal = new PackSeal(keys.lineage(), keys.metadataKey(), kind, name);
    ByteBuffer header = ByteBuffer.allocate(PackHeader.FIXED_BYTES);
    new PackHeader(kind, name, List.of()).write(header);
    body.writeBytes(header.array());
  }

  /**
   * Adds a record.
   *
   * @param rowId 32 bytes for the table, as the kind wants them
   * @param plain its content, position to limit; not changed
   */
  public void add(byte[] rowId, ByteBuffer plain) {
    if (rowId.length != 32) {
      throw new IllegalArgumentException("a row id has 32 bytes, not " + rowId.length);
    }
    byte[] bytes = new byte[plain.remaining()];
    plain.get(plain.position(), bytes);
    int offset = body.size();
    RecordHeader header = seal(bytes, rows.size());
    rows.add(
        new TableRow(
            rowId.clone(),
            header.slot(),
            offset,
            header.storedLength(),
            header.plainLength(),
            header.codec()));
  }

  private RecordHeader seal(byte[] plain, int slot) {
    byte[] packed = plain.length < COMPRESS_FROM_BYTES ? plain : Zstd.compress(plain, 1);
    boolean compressed = packed.length < plain.length;
    byte[] content = compressed ? packed : plain;
    RecordHeader header =
        new RecordHeader(
            (compressed ? Codec.ZSTD : Codec.STORED).code(),
            plain.length,
            content.length + Aead.TAG_BYTES,
            slot,
            0,
            0);
    ByteBuffer sealed = ByteBuffer.allocate(header.storedLength());
    seal.seal(aead, header, ByteBuffer.wrap(content), sealed);
    body.writeBytes(header.toBytes());
    body.writeBytes(sealed.array());
    return header;
  }

  /** Bytes so far, without the table. */
  public long sizeSoFarBytes() {
    return body.size();
  }

  public int rows() {
    return rows.size();
  }

  public PackName name() {
    return name;
  }

  /** The first 32 bytes of a row id are given back as they were, for tests of order. */
  List<TableRow> table() {
    return List.copyOf(rows);
  }

  /**
   * Seals the table and puts the pack, if absent. The writer cannot be used any more.
   *
   * @throws MoverException as {@link ObjectStore#putIfAbsent}
   */
  public PackReference finish() throws MoverException {
    ByteBuffer table = ByteBuffer.allocate(rows.size() * TableRow.BYTES);
    rows.forEach(row -> row.write(table));
    int tableOffset = body.size();
    seal(Arrays.copyOf(table.array(), table.position()), RecordHeader.TABLE_SLOT);
    ByteBuffer trailer = ByteBuffer.allocate(PackTrailer.BYTES);
    new PackTrailer(tableOffset, rows.size()).write(trailer);
    body.writeBytes(trailer.array());
    ByteBuffer object = ByteBuffer.wrap(body.toByteArray());
    int size = object.remaining();
    store.putIfAbsent(key, object);
    return new PackReference(name, size);
  }

  @Override
  public String toString() {
    return kind + " pack " + key;
  }
}
