package io.blockmover.engine.verify;

import io.blockmover.repository.pack.PackName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A number for each of very many packs. One run names its packs by counting, so that the numbers
 * lie in pages by counter: some 10 bytes a pack, 32 MB for the packs of 100 TiB, where a map of
 * names takes 110 a pack. Not thread-safe.
 */
final class PackNumbers {

  /** Short, so that a run of which little is left wastes little. */
  private static final int PAGE = 64;

  private static final long ABSENT = Long.MIN_VALUE;

  private record Page(long sessionHigh, long sessionLow, long run, int number) {
    static Page of(PackName pack) {
      return new Page(
          pack.sessionHigh(),
          pack.sessionLow(),
          pack.run(),
          Integer.divideUnsigned(pack.counter(), PAGE));
    }

    PackName pack(int slot) {
      return new PackName(sessionHigh, sessionLow, run, number * PAGE + slot);
    }
  }

  /** What to do with each pack and its number. */
  interface Visitor {
    void visit(PackName pack, long number);
  }

  private final Map<Page, long[]> pages = new HashMap<>();

  OptionalLong of(PackName pack) {
    long[] page = pages.get(Page.of(pack));
    long number = page == null ? ABSENT : page[slot(pack)];
    return number == ABSENT ? OptionalLong.empty() : OptionalLong.of(number);
  }

  boolean has(PackName pack) {
    return of(pack).isPresent();
  }

  void put(PackName pack, long number) {
    page(pack)[slot(pack)] = number;
  }

  /** Adds to the pack's number, which begins at 0. */
  void add(PackName pack, long number) {
    long[] page = page(pack);
    int slot = slot(pack);
    page[slot] = (page[slot] == ABSENT ? 0 : page[slot]) + number;
  }

  /** Visits all, in no order. */
  void forEach(Visitor visitor) {
    pages.forEach(
        (page, numbers) -> {
          for (int slot = 0; slot < PAGE; slot++) {
            if (numbers[slot] != ABSENT) {
              visitor.visit(page.pack(slot), numbers[slot]);
            }
          }
        });
  }

  private long[] page(PackName pack) {
    return pages.computeIfAbsent(
        Page.of(pack),
        page -> {
          long[] numbers = new long[PAGE];
          Arrays.fill(numbers, ABSENT);
          return numbers;
        });
  }

  private static int slot(PackName pack) {
    return Integer.remainderUnsigned(pack.counter(), PAGE);
  }
}
