package io.blockmover.repository.usage;

import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReader;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.pack.TableRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Merges the usage packs of one backup, ascending by name; rows of the same pack add up. Memory
 * holds one leaf and one table per usage pack. For one thread.
 */
public final class UsageReader {

  private final PriorityQueue<Rows> queue =
      new PriorityQueue<>(Comparator.comparing(rows -> rows.current().pack()));

  public UsageReader(MetadataStore store, List<PackReference> packs) throws MoverException {
    for (PackReference pack : packs) {
      Rows rows = new Rows(store, pack);
      if (rows.advance()) {
        queue.add(rows);
      }
    }
  }

  /** The next pack that the backup needs, or null at the end. */
  public @Nullable UsageRow next() throws MoverException {
    UsageRow row = nextSum();
    while (row != null && row.referencedBytes() <= 0) {
      row = nextSum();
    }
    return row;
  }

  /** The next sum, whatever its sign: part of a backup's rows may add up to less than zero. */
  @Nullable UsageRow nextSum() throws MoverException {
    Rows first = queue.peek();
    if (first == null) {
      return null;
    }
    PackName pack = first.current().pack();
    long size = 0;
    long referenced = 0;
    while (first != null && first.current().pack().equals(pack)) {
      size = Math.max(size, first.current().sizeBytes());
      referenced += first.current().referencedBytes();
      queue.remove();
      if (first.advance()) {
        queue.add(first);
      }
      first = queue.peek();
    }
    return new UsageRow(pack, size, referenced);
  }

  /**
   * The packs that the backup needs, out of a list.
   *
   * @param names ascending, such as condemned packs
   */
  public List<PackName> neededOf(Iterator<PackName> names) throws MoverException {
    List<PackName> needed = new ArrayList<>();
    UsageRow row = next();
    while (names.hasNext() && row != null) {
      PackName name = names.next();
      while (row != null && row.pack().compareTo(name) < 0) {
        row = next();
      }
      if (row != null && row.pack().equals(name)) {
        needed.add(name);
      }
    }
    return needed;
  }

  /** The rows of one usage pack. */
  private static final class Rows {

    private final PackReader reader;
    private final String key;
    private final Iterator<TableRow> leaves;
    private Iterator<UsageRow> leaf = List.<UsageRow>of().iterator();
    private @Nullable UsageRow current;

    Rows(MetadataStore store, PackReference pack) throws MoverException {
      reader = store.open(PackKind.USAGE, pack);
      key = PackKind.USAGE.keyOf(pack.name());
      leaves = reader.rows().iterator();
    }

    UsageRow current() {
      if (current == null) {
        throw new IllegalStateException("before the first row of " + key);
      }
      return current;
    }

    boolean advance() throws MoverException {
      while (!leaf.hasNext()) {
        if (!leaves.hasNext()) {
          return false;
        }
        leaf = UsageLeaf.read(reader.read(leaves.next()), key).iterator();
      }
      current = leaf.next();
      return true;
    }
  }
}
