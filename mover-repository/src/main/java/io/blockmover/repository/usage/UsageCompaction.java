package io.blockmover.repository.usage;

import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.repository.pack.PackReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Merges usage packs when there are many: the small ones, so that what an incremental writes stays
 * proportional to the change.
 */
public final class UsageCompaction {

  /** How many usage packs a manifest may keep; more only if each is full. */
  public static final int MAX_PACKS = 16;

  private static final int LARGER_TO_SMALLER = 2;

  /** A pack of this size is as good as full: merging full ones makes no fewer. */
  private static final long LARGE_BYTES = 4L << 20;

  private UsageCompaction() {}

  /**
   * The usage packs for the manifest: the same sums, in few packs.
   *
   * @param packs the parent's, and what {@link UsageWriter#finish} put
   */
  public static List<PackReference> compact(
      MetadataStore store, PackNames names, List<PackReference> packs) throws MoverException {
    List<PackReference> result = packs;
    while (result.size() > MAX_PACKS) {
      List<PackReference> fewer = mergeSmall(store, names, result);
      if (fewer.size() >= result.size()) {
        break;
      }
      result = fewer;
    }
    return result;
  }

  private static List<PackReference> mergeSmall(
      MetadataStore store, PackNames names, List<PackReference> packs) throws MoverException {
    List<PackReference> small =
        new ArrayList<>(packs.stream().filter(pack -> pack.sizeBytes() < LARGE_BYTES).toList());
    small.sort(Comparator.comparingLong(PackReference::sizeBytes));
    int count = 0;
    long sum = 0;
    while (count < small.size()
        && (count < 2 || small.get(count).sizeBytes() <= LARGER_TO_SMALLER * sum)) {
      sum += small.get(count).sizeBytes();
      count++;
    }
    if (count < 2) {
      return packs;
    }
    List<PackReference> merged = small.subList(0, count);
    List<PackReference> result = new ArrayList<>(packs);
    result.removeAll(merged);
    result.addAll(merge(store, names, merged));
    return result;
  }

  private static List<PackReference> merge(
      MetadataStore store, PackNames names, List<PackReference> packs) throws MoverException {
    UsageReader reader = new UsageReader(store, packs);
    UsagePackWriter writer = new UsagePackWriter(store, names);
    for (UsageRow row = reader.nextSum(); row != null; row = reader.nextSum()) {
      if (row.referencedBytes() != 0) {
        writer.add(row);
      }
    }
    return writer.finish();
  }
}
