package io.blockmover.repository.gc;

import java.util.List;

/**
 * Names of packs: a plan or a doom list. Its members are those of the JSON.
 *
 * @param packs sorted
 */
public record PackList(List<String> packs) {

  public PackList {
    packs = List.copyOf(packs);
  }
}
