package io.blockmover.repository.index;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.layer.PackDictionary;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReader;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.pack.TableRow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An index segment: its filter in memory, its pages read when the filter says "perhaps". Opening
 * reads table and dictionary; the filter only when asked for. Thread-safe.
 */
public final class IndexSegment {

  private static final int CACHED_PAGES = 4;

  private final PackReader reader;
  private final String key;
  private final List<TableRow> pages;
  private final TableRow filterRow;
  private final List<PackName> dictionary;
  private final long asOf;
  private volatile @Nullable IdFilter filter;
  private final Map<Integer, IndexPage> cache =
      new LinkedHashMap<>(CACHED_PAGES, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, IndexPage> eldest) {
          return size() > CACHED_PAGES;
        }
      };

  private IndexSegment(PackReader reader, String key) throws MoverException {
    this.reader = reader;
    this.key = key;
    List<TableRow> rows = reader.rows();
    if (rows.size() < 2) {
      throw new CorruptData(key, "an index segment", rows.size() + " records");
    }
    pages = rows.subList(0, rows.size() - 2);
    filterRow = rows.get(rows.size() - 2);
    ByteBuffer last = ByteBuffer.wrap(reader.read(rows.getLast()));
    dictionary = PackDictionary.read(last, key);
    if (last.remaining() != Long.BYTES) {
      throw new CorruptData(key, "a dictionary and an epoch", last.remaining() + " bytes after it");
    }
    asOf = last.order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /**
   * Opens a segment.
   *
   * @param level as in its key
   */
  public static IndexSegment open(MetadataStore store, PackReference pack, int level)
      throws MoverException {
    String key = IndexSegmentWriter.keyOf(level, pack.name());
    return new IndexSegment(
        PackReader.open(store.store(), store.keys(), PackKind.INDEX, pack, key), key);
  }

  /** The GC epoch up to which none of its packs was condemned. */
  public long asOf() {
    return asOf;
  }

  public String key() {
    return key;
  }

  /** How much memory {@link #loadFilter} takes. */
  public long filterBytes() {
    return IdFilter.sizeBytes(filterRow.plainLength());
  }

  /** Reads the filter; from then on most ids that are not here cost no request. */
  public synchronized void loadFilter() throws MoverException {
    if (filter == null) {
      filter = IdFilter.read(reader.read(filterRow), key);
    }
  }

  /** Where a chunk is; null if this segment does not know it. */
  public @Nullable ChunkLocation find(long idHigh, long idLow) throws MoverException {
    IdFilter loaded = filter;
    if (loaded != null && !loaded.mayContain(idHigh, idLow)) {
      return null;
    }
    int page = pageOf(idHigh, idLow);
    return page < 0 ? null : page(page).find(idHigh, idLow, dictionary);
  }

  /** The last page whose first id is not above; -1 if there is none. */
  private int pageOf(long idHigh, long idLow) {
    int low = 0;
    int high = pages.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compareFirst(pages.get(middle), idHigh, idLow) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private static int compareFirst(TableRow row, long idHigh, long idLow) {
    ByteBuffer first = ByteBuffer.wrap(row.id());
    int order = Long.compareUnsigned(first.getLong(0), idHigh);
    return order == 0 ? Long.compareUnsigned(first.getLong(8), idLow) : order;
  }

  private synchronized IndexPage page(int number) throws MoverException {
    IndexPage cached = cache.get(number);
    if (cached == null) {
      cached = new IndexPage(reader.read(pages.get(number)), key);
      cache.put(number, cached);
    }
    return cached;
  }

  /** All rows, page by page, for whoever merges segments. */
  public List<ChunkLocation> rowsOfPage(int number) throws MoverException {
    IndexPage page = new IndexPage(readPage(number), key);
    List<ChunkLocation> rows = new ArrayList<>(page.count());
    for (int i = 0; i < page.count(); i++) {
      rows.add(page.row(i, dictionary));
    }
    return rows;
  }

  private synchronized byte[] readPage(int number) throws MoverException {
    return reader.read(pages.get(number));
  }

  public int pageCount() {
    return pages.size();
  }
}
