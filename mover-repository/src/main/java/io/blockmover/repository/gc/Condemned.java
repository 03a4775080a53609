package io.blockmover.repository.gc;

import io.blockmover.repository.pack.PackName;
import java.util.Collections;
import java.util.SortedSet;

/**
 * What was condemned after an epoch.
 *
 * @param floor that epoch: what it and earlier ones condemned is not known here
 * @param packs sorted
 */
public record Condemned(long floor, SortedSet<PackName> packs) {

  public Condemned {
    packs = Collections.unmodifiableSortedSet(packs);
  }
}
