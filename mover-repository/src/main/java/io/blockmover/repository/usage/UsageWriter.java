package io.blockmover.repository.usage;

import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.repository.pack.PackReference;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Adds up what a new backup gains and loses of each pack. Bounded: after 64 Ki packs the sums so
 * far are put and counting begins anew, since rows add up. For one thread.
 */
public final class UsageWriter {

  private static final int MAX_PACKS = 64 * 1024;

  private final MetadataStore store;
  private final PackNames names;
  private final int maxPacks;
  private final TreeMap<PackName, Sum> sums = new TreeMap<>();
  private final List<PackReference> packs = new ArrayList<>();

  private static final class Sum {
    private long sizeBytes;
    private long referencedBytes;
  }

  public UsageWriter(MetadataStore store, PackNames names) {
    this(store, names, MAX_PACKS);
  }

  UsageWriter(MetadataStore store, PackNames names, int maxPacks) {
    this.store = store;
    this.names = names;
    this.maxPacks = maxPacks;
  }

  /**
   * Counts bytes gained, or lost if negative.
   *
   * @param bytes length of a map entry in the pack
   */
  public void add(PackName pack, long bytes) throws MoverException {
    Sum sum = sum(pack);
    sum.referencedBytes = Math.addExact(sum.referencedBytes, bytes);
  }

  /**
   * Says how large a pack is, where it is known: for the packs that this session wrote. It is what
   * statistics and repacking go by; nothing depends on it.
   */
  public void size(PackReference pack) throws MoverException {
    sum(pack.name()).sizeBytes = pack.sizeBytes();
  }

  private Sum sum(PackName pack) throws MoverException {
    Sum known = sums.get(pack);
    if (known != null) {
      return known;
    }
    if (sums.size() == maxPacks) {
      spill();
    }
    Sum sum = new Sum();
    sums.put(pack, sum);
    return sum;
  }

  private void spill() throws MoverException {
    UsagePackWriter writer = new UsagePackWriter(store, names);
    for (var entry : sums.entrySet()) {
      Sum sum = entry.getValue();
      if (sum.referencedBytes != 0 || sum.sizeBytes != 0) {
        writer.add(new UsageRow(entry.getKey(), sum.sizeBytes, sum.referencedBytes));
      }
    }
    packs.addAll(writer.finish());
    sums.clear();
  }

  /** Puts what is left. The packs go into the manifest after those of the parent. */
  public List<PackReference> finish() throws MoverException {
    spill();
    return List.copyOf(packs);
  }
}
