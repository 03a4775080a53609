package io.blockmover.repository.gc;

import io.blockmover.repository.pack.PackName;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What was condemned after an epoch.
 *
 * @param floor of the {@code gc/HEAD} that was read; if above that epoch, the packs are not all
 * @param packs sorted
 */
public record Condemned(long floor, SortedSet<PackName> packs) {

  public Condemned {
    packs = Collections.unmodifiableSortedSet(new TreeSet<>(packs));
  }
}
