package io.blockmover.repository.usage;

import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.pack.MetadataPackWriter;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.repository.pack.PackReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes ascending rows into as many usage packs as they need. For one thread. */
final class UsagePackWriter {

  private static final long FULL_BYTES = 8L << 20;

  private final MetadataStore store;
  private final PackNames names;
  private final List<UsageRow> leaf = new ArrayList<>();
  private final List<PackReference> packs = new ArrayList<>();
  private @Nullable MetadataPackWriter open;

  UsagePackWriter(MetadataStore store, PackNames names) {
    this.store = store;
    this.names = names;
  }

  void add(UsageRow row) throws MoverException {
    leaf.add(row);
    if (leaf.size() == UsageLeaf.MAX_ROWS) {
      putLeaf();
    }
  }

  private void putLeaf() throws MoverException {
    MetadataPackWriter pack = open;
    if (pack == null) {
      pack = store.begin(PackKind.USAGE, names.next());
      open = pack;
    }
    pack.add(UsageLeaf.rowId(leaf), UsageLeaf.write(leaf));
    leaf.clear();
    if (pack.sizeSoFarBytes() >= FULL_BYTES) {
      packs.add(pack.finish());
      open = null;
    }
  }

  List<PackReference> finish() throws MoverException {
    if (!leaf.isEmpty()) {
      putLeaf();
    }
    if (open != null) {
      packs.add(open.finish());
      open = null;
    }
    return List.copyOf(packs);
  }
}
