package io.blockmover.repository.layer;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReader;
import io.blockmover.repository.pack.TableRow;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the rows of one layer, ascending. Holds one pack's table and one decoded leaf; leaves and
 * packs that are skipped are not read. For one thread.
 *
 * @param <L> the kind of leaf
 */
public final class LayerCursor<L extends Leaf> {

  private static final long END = Long.MAX_VALUE;

  private final MetadataStore store;
  private final PackKind kind;
  private final Layer layer;
  private final L leaf;
  private int packIndex = -1;
  private String key = "";
  private @Nullable PackReader pack;
  private List<TableRow> leaves = List.of();
  private List<PackName> dictionary = List.of();
  private int leafIndex;
  private int row;
  private boolean atEnd;

  /**
   * A cursor that stands before the first row: call {@link #advanceTo} first.
   *
   * @param leaf is filled again and again
   */
  public LayerCursor(MetadataStore store, PackKind kind, Layer layer, L leaf) {
    this.store = store;
    this.kind = kind;
    this.layer = layer;
    this.leaf = leaf;
  }

  /** The decoded leaf that holds the current row. */
  public L leaf() {
    return leaf;
  }

  /** The current row in the leaf. */
  public int row() {
    return row;
  }

  /** Where the current row starts; {@link Long#MAX_VALUE} at the end of the layer. */
  public long start() {
    return atEnd ? END : leaf.start(row);
  }

  /** Where the current row ends; {@link Long#MAX_VALUE} at the end of the layer. */
  public long end() {
    return atEnd ? END : leaf.end(row);
  }

  /** Goes forward to the first row that ends after {@code position}; never back. */
  public void advanceTo(long position) throws MoverException {
    if (atEnd || (pack != null && end() > position)) {
      return;
    }
    if (pack == null || layer.packs().get(packIndex).to() <= position) {
      do {
        packIndex++;
        if (packIndex == layer.packs().size()) {
          atEnd = true;
          pack = null;
          return;
        }
      } while (layer.packs().get(packIndex).to() <= position);
      openPack();
      loadLeaf(0, position);
    } else if (leaf.end(leaf.count() - 1) <= position) {
      loadLeaf(leafIndex + 1, position);
    }
    while (leaf.end(row) <= position) {
      row++;
    }
  }

  private void openPack() throws MoverException {
    LayerPack next = layer.packs().get(packIndex);
    PackReader reader = store.open(kind, next.reference());
    pack = reader;
    key = kind.keyOf(next.reference().name());
    leaves = reader.rows();
    dictionary = List.of();
    if (!leaves.isEmpty() && Arrays.equals(leaves.getLast().id(), PackDictionary.rowId())) {
      dictionary = PackDictionary.read(ByteBuffer.wrap(reader.read(leaves.getLast())), key);
      leaves = leaves.subList(0, leaves.size() - 1);
    }
    if (leaves.isEmpty()
        || LeafRange.of(leaves.getFirst()).from() != next.from()
        || LeafRange.of(leaves.getLast()).to() != next.to()) {
      throw new CorruptData(key, "leaves from " + next.from() + " to " + next.to(), "others");
    }
  }

  private void loadLeaf(int fromIndex, long position) throws MoverException {
    int index = fromIndex;
    while (index < leaves.size() && LeafRange.of(leaves.get(index)).to() <= position) {
      index++;
    }
    if (index == leaves.size() || pack == null) {
      throw new CorruptData(key, "a leaf that ends after " + position, "none");
    }
    TableRow tableRow = leaves.get(index);
    LeafRange range = LeafRange.of(tableRow);
    leaf.decode(pack.read(tableRow), dictionary, key);
    int count = leaf.count();
    if (count == 0
        || count != range.count()
        || leaf.start(0) != range.from()
        || leaf.end(count - 1) != range.to()) {
      throw new CorruptData(key, "a leaf as its table says: " + range, count + " other rows");
    }
    leafIndex = index;
    row = 0;
  }
}
