package io.blockmover.engine.verify;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.repository.pack.DataKeys;
import io.blockmover.repository.pack.DataPackTable;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Tables of data packs; those read last are kept. Thread-safe. */
final class Tables {

  private static final int MAX_ROWS = 200_000;

  private final ObjectStore store;
  private final DataKeys dataKeys;
  private final SequencedMap<PackName, DataPackTable> kept = new LinkedHashMap<>(16, 0.75f, true);
  private int rows;

  Tables(ObjectStore store, DataKeys dataKeys) {
    this.store = store;
    this.dataKeys = dataKeys;
  }

  /**
   * The table of a pack.
   *
   * @throws MoverException as {@link DataPackTable#read}
   */
  DataPackTable of(PackReference pack) throws MoverException {
    synchronized (this) {
      DataPackTable table = kept.get(pack.name());
      if (table != null) {
        return table;
      }
    }
    DataPackTable table = DataPackTable.read(store, dataKeys, pack);
    keep(table);
    return table;
  }

  private synchronized void keep(DataPackTable table) {
    if (kept.putIfAbsent(table.name(), table) == null) {
      rows += table.size();
    }
    while (rows > MAX_ROWS && kept.size() > 1) {
      rows -= kept.pollFirstEntry().getValue().size();
    }
  }
}
