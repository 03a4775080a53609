package io.blockmover.repository.gc;

import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNumbers;
import io.blockmover.repository.usage.UsageSums;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How much of each data pack backups need, as far as their usage tells: enough to choose packs to
 * look into. What one backup needs most of a pack counts as needed, and what one gained of it at
 * once as its content, which is more than its bytes where it compresses. Both are guesses; nothing
 * but work hangs on them. Some 11 bytes a pack. Not thread-safe.
 */
final class PackUse {

  /** Three numbers of 21 bits in one: enough for packs of 1 GiB, told in steps. */
  private static final int BITS = 21;

  private static final long MASK = (1L << BITS) - 1;
  private static final int STEP_BITS = 9;
  private static final int PERCENT = 100;

  /** Half a TiB in packs of the usual size: what is left is the next run's. */
  private static final int MAX_CHOSEN = 16 << 10;

  private final PackNumbers numbers = new PackNumbers();

  private static long steps(long bytes) {
    return Math.min(MASK, (Math.max(0, bytes) + (1 << STEP_BITS) - 1) >>> STEP_BITS);
  }

  private static long sizeSteps(long number) {
    return number & MASK;
  }

  private static long neededSteps(long number) {
    return (number >>> BITS) & MASK;
  }

  private static long contentSteps(long number) {
    return number >>> (2 * BITS);
  }

  /** A pack that somebody needs. */
  void size(PackName pack, long sizeBytes) {
    long before = numbers.of(pack).orElse(0);
    numbers.put(pack, (before & ~MASK) | steps(sizeBytes));
  }

  /** Some backup needs so much of it. */
  void needed(PackName pack, long bytes) {
    long before = numbers.of(pack).orElse(0);
    long most = Math.max(neededSteps(before), steps(bytes));
    numbers.put(pack, (before & ~(MASK << BITS)) | (most << BITS));
  }

  /** Some backup gained so much of it. */
  void gained(PackName pack, long bytes) {
    long before = numbers.of(pack).orElse(0);
    long most = Math.max(contentSteps(before), steps(bytes));
    numbers.put(pack, (before & ((MASK << BITS) | MASK)) | (most << (2 * BITS)));
  }

  boolean has(PackName pack) {
    return numbers.has(pack);
  }

  /** What of a pack nobody needs, in hundredths. */
  private static int unused(long number) {
    long content = Math.max(contentSteps(number), sizeSteps(number));
    return content == 0
        ? 0
        : (int) (PERCENT - Math.min(PERCENT, Math.ceilDiv(PERCENT * neededSteps(number), content)));
  }

  /**
   * Packs to be written anew, so that of all bytes at most a share is unused.
   *
   * @param chosen their names, sorted
   * @param bytes of the packs
   * @param unusedBytes of these, more or less
   */
  record Choice(SortedSet<PackName> chosen, long bytes, long unusedBytes) {

    Choice {
      chosen = Collections.unmodifiableSortedSet(chosen);
    }
  }

  /** Chooses the emptiest ones, as few as do. */
  Choice choose(RepackOptions options) {
    long[] bytesByPercent = new long[PERCENT + 1];
    long[] sum = new long[2];
    numbers.forEach(
        (pack, number) -> {
          long size = sizeSteps(number) << STEP_BITS;
          bytesByPercent[unused(number)] += size;
          sum[0] += size;
          sum[1] += size * unused(number) / PERCENT;
        });
    double limit = options.maxUnused() * sum[0];
    long left = sum[1];
    int from = PERCENT + 1;
    while (left > limit && from > options.minUnusedPercent()) {
      from--;
      left -= bytesByPercent[from] * from / PERCENT;
    }
    int lowest = from;
    SortedSet<PackName> chosen = new TreeSet<>();
    long[] taken = new long[2];
    numbers.forEach(
        (pack, number) -> {
          long size = sizeSteps(number) << STEP_BITS;
          if (size > 0
              && unused(number) >= lowest
              && chosen.size() < MAX_CHOSEN
              && taken[0] + size <= options.maxBytes()) {
            chosen.add(pack);
            taken[0] += size;
            taken[1] += size * unused(number) / PERCENT;
          }
        });
    return new Choice(chosen, taken[0], taken[1]);
  }

  /** Goes on to other packs of the same collection. */
  UsageSums.Seen of(Candidates candidates) {
    return new UsageSums.Seen() {
      @Override
      public void needed(PackName pack, long referencedBytes) {
        if (candidates.isData(pack)) {
          size(pack, candidates.sizeBytes(pack));
        }
        candidates.remove(pack);
        if (has(pack)) {
          PackUse.this.needed(pack, referencedBytes);
        }
      }

      @Override
      public void gained(PackName pack, long referencedBytes) {
        if (referencedBytes > 0 && (has(pack) || candidates.has(pack))) {
          PackUse.this.gained(pack, referencedBytes);
        }
      }
    };
  }
}
