package io.blockmover.repository.layer;

import io.blockmover.api.CorruptData;
import io.blockmover.repository.pack.PackName;
import java.util.List;

/** Decoded rows of one leaf, ascending and disjoint; the same object is filled again and again. */
public interface Leaf {

  /**
   * Replaces the rows.
   *
   * @param plain the leaf's plain text
   * @param dictionary of its pack, empty if the kind has none
   * @param key the object, for messages
   * @throws CorruptData if the rows are none
   */
  void decode(byte[] plain, List<PackName> dictionary, String key) throws CorruptData;

  int count();

  /** First offset (or piece) of a row. */
  long start(int row);

  /** First offset (or piece) after a row. */
  long end(int row);
}
