package io.blockmover.repository.commit;

import io.blockmover.api.MoverException;
import io.blockmover.repository.pack.PackName;
import java.util.Collection;
import java.util.Set;
import java.util.SortedSet;

/** The data packs that a backup needs, asked for without holding them all in memory. */
public interface NeededPacks {

  /**
   * Those of the given packs that the backup needs.
   *
   * @param packs sorted, never empty
   */
  Collection<PackName> neededOf(SortedSet<PackName> packs) throws MoverException;

  /** Packs that are all in memory. */
  static NeededPacks of(Collection<PackName> needed) {
    Set<PackName> names = Set.copyOf(needed);
    return packs -> packs.stream().filter(names::contains).toList();
  }
}
