package io.blockmover.repository.usage;

import io.blockmover.api.MoverException;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNumbers;
import io.blockmover.repository.pack.PackReference;
import java.util.ArrayList;
import java.util.List;

/**
 * Which packs a row of backups of one volume needs, one backup after the other: usage packs that
 * two neighbours share are read once. Memory holds a number for each pack of a volume. For one
 * thread.
 */
public final class UsageSums {

  private static final int MAX_TOUCHED = 64 * 1024;

  /** Hears of packs while backups are gone through. */
  public interface Seen {

    /** Nobody. */
    Seen NOBODY = (pack, referencedBytes) -> {};

    /**
     * A backup needs this pack.
     *
     * @param referencedBytes of it, above zero
     */
    void needed(PackName pack, long referencedBytes);

    /** Some backup gained so much of the pack at once; less than zero: lost. */
    default void gained(PackName pack, long referencedBytes) {}
  }

  private final MetadataStore store;
  private PackNumbers sums = new PackNumbers();
  private List<PackReference> counted = List.of();

  public UsageSums(MetadataStore store) {
    this.store = store;
  }

  /**
   * Goes on to the next backup.
   *
   * @param usage its usage packs
   * @param seen told of every pack that this backup needs, but for such as it was told of before
   *     and that are needed as much as they were then
   */
  public void moveTo(List<PackReference> usage, Seen seen) throws MoverException {
    List<PackReference> gone = new ArrayList<>(counted);
    List<PackReference> added = new ArrayList<>();
    for (PackReference pack : usage) {
      if (!gone.remove(pack)) {
        added.add(pack);
      }
    }
    PackNumbers next = sums;
    if (bytes(gone) + bytes(added) > bytes(usage)) {
      next = new PackNumbers();
      gone = List.of();
      added = usage;
    }
    // Whatever fails below, the next backup is counted from the beginning.
    sums = new PackNumbers();
    counted = List.of();
    List<PackName> touched = new ArrayList<>();
    for (PackReference pack : gone) {
      count(next, pack, -1, touched, Seen.NOBODY);
    }
    for (PackReference pack : added) {
      count(next, pack, 1, touched, seen);
    }
    tell(next, touched, seen);
    sums = next;
    counted = List.copyOf(usage);
  }

  private static long bytes(List<PackReference> packs) {
    return packs.stream().mapToLong(PackReference::sizeBytes).sum();
  }

  private void count(
      PackNumbers into, PackReference pack, int sign, List<PackName> touched, Seen seen)
      throws MoverException {
    UsageReader reader = new UsageReader(store, List.of(pack));
    for (UsageRow row = reader.nextSum(); row != null; row = reader.nextSum()) {
      into.add(row.pack(), sign * row.referencedBytes());
      seen.gained(row.pack(), row.referencedBytes());
      if (touched.size() <= MAX_TOUCHED) {
        touched.add(row.pack());
      }
    }
  }

  /** How much of a pack the backup needs that was moved to last; 0 if nothing. */
  public long of(PackName pack) {
    return sums.of(pack).orElse(0);
  }

  /** Only packs whose sums changed can be needed now and not have been before. */
  private static void tell(PackNumbers sums, List<PackName> touched, Seen seen) {
    if (touched.size() > MAX_TOUCHED) {
      sums.forEach(
          (pack, sum) -> {
            if (sum > 0) {
              seen.needed(pack, sum);
            }
          });
      return;
    }
    for (PackName pack : touched) {
      long sum = sums.of(pack).orElse(0);
      if (sum > 0) {
        seen.needed(pack, sum);
      }
    }
  }
}
