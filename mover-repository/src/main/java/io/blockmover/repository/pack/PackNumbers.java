package io.blockmover.repository.pack;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A number for each of very many packs. One run names its packs by counting, so that the numbers
 * lie in pages by counter: some 11 bytes a pack, 36 MB for the packs of 100 TiB, where a map of
 * names takes 110 a pack. Not thread-safe.
 */
public final class PackNumbers {

  /** Short, so that a run of which little is left wastes little. */
  private static final int PAGE = 32;

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
  public interface Visitor {
    void visit(PackName pack, long number);
  }

  private final Map<Page, long[]> pages = new HashMap<>();
  private long size;

  /** The pack's number; empty if it has none. */
  public OptionalLong of(PackName pack) {
    long[] page = pages.get(Page.of(pack));
    long number = page == null ? ABSENT : page[slot(pack)];
    return number == ABSENT ? OptionalLong.empty() : OptionalLong.of(number);
  }

  public boolean has(PackName pack) {
    return of(pack).isPresent();
  }

  /** How many packs have a number. */
  public long size() {
    return size;
  }

  /** Gives the pack a number, in place of any that it had. */
  public void put(PackName pack, long number) {
    long[] page = page(pack);
    int slot = slot(pack);
    size += page[slot] == ABSENT ? 1 : 0;
    page[slot] = number;
  }

  /** Adds to the pack's number, which begins at 0. */
  public void add(PackName pack, long number) {
    put(pack, of(pack).orElse(0) + number);
  }

  /**
   * Takes the pack's number away.
   *
   * @return whether it had one
   */
  public boolean remove(PackName pack) {
    long[] page = pages.get(Page.of(pack));
    if (page == null || page[slot(pack)] == ABSENT) {
      return false;
    }
    page[slot(pack)] = ABSENT;
    size--;
    return true;
  }

  /** Visits all, in no order. The visitor may remove the pack it is shown, and add nothing. */
  public void forEach(Visitor visitor) {
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
