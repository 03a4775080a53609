package io.blockmover.repository.gc;

import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNumbers;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Packs that may go: all that were listed in the beginning, less and less as it turns out who is
 * needed. Some 11 bytes a pack. Not thread-safe.
 */
final class Candidates {

  private final PackNumbers packs = new PackNumbers();

  /**
   * Adds a pack that is in the store.
   *
   * @param isData whether it lies under {@code d/}, and not {@code m/}
   */
  void add(PackName pack, long sizeBytes, boolean isData) {
    packs.put(pack, sizeBytes << 1 | (isData ? 1 : 0));
  }

  /** Candidates that are known by name only, and not to be deleted from here. */
  static Candidates named(Collection<PackName> names) {
    Candidates candidates = new Candidates();
    names.forEach(name -> candidates.packs.put(name, 0));
    return candidates;
  }

  boolean remove(PackName pack) {
    return packs.remove(pack);
  }

  boolean has(PackName pack) {
    return packs.has(pack);
  }

  long count() {
    return packs.size();
  }

  long sizeBytes(PackName pack) {
    return packs.of(pack).orElse(0) >>> 1;
  }

  boolean isData(PackName pack) {
    return (packs.of(pack).orElse(0) & 1) == 1;
  }

  String keyOf(PackName pack) {
    return (isData(pack) ? PackKind.DATA : PackKind.MAP).keyOf(pack);
  }

  /** So many of them at most, sorted. */
  SortedSet<PackName> first(int most) {
    SortedSet<PackName> first = new TreeSet<>();
    packs.forEach(
        (pack, number) -> {
          if (first.size() < most) {
            first.add(pack);
          }
        });
    return first;
  }

  /** Those of the names that are candidates, sorted. */
  SortedSet<PackName> among(Collection<PackName> names) {
    SortedSet<PackName> found = new TreeSet<>();
    for (PackName name : names) {
      if (packs.has(name)) {
        found.add(name);
      }
    }
    return found;
  }

  /** Takes out all that fit, and tells of each with its size. */
  void removeIf(Predicate<PackName> condition, PackNumbers.Visitor removed) {
    packs.forEach(
        (pack, number) -> {
          if (condition.test(pack)) {
            packs.remove(pack);
            removed.visit(pack, number >>> 1);
          }
        });
  }

  /** Visits all with their sizes, in no order. */
  void forEach(PackNumbers.Visitor visitor) {
    packs.forEach((pack, number) -> visitor.visit(pack, number >>> 1));
  }
}
