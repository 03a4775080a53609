package io.blockmover.repository.pack;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.repository.crypto.KeySet;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads every byte of a metadata pack: what a reader in a hurry does not look at, too. */
public final class PackAudit {

  private PackAudit() {}

  /**
   * Checks header, table and all records, and that nothing lies between them.
   *
   * @throws CorruptData if it is not that pack, or damaged anywhere
   * @throws io.blockmover.api.ObjectNotFound if it is not there
   */
  public static void check(ObjectStore store, KeySet keys, PackKind kind, PackReference pack)
      throws MoverException {
    String key = kind.keyOf(pack.name());
    PackReader reader = PackReader.open(store, keys, kind, pack, key);
    ByteBuffer start = ByteBuffer.allocate(PackHeader.FIXED_BYTES);
    store.read(key, 0, start);
    long at = PackHeader.read(start.flip(), kind, pack.name(), key).lengthBytes();
    List<TableRow> rows = reader.rows();
    for (TableRow row : rows) {
      if (row.offset() != at) {
        throw new CorruptData(key, "a record at offset " + at, row.offset() + " in its table");
      }
      reader.read(row);
      at += RecordHeader.BYTES + row.storedLength();
    }
    if (at != reader.tableOffset()) {
      throw new CorruptData(key, "the table at offset " + at, "offset " + reader.tableOffset());
    }
  }
}
