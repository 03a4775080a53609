package io.blockmover.repository.index;

import io.blockmover.repository.pack.PackName;

/**
 * Which index entries may be used: the commit protocol's rules about epochs. A wrong yes costs a
 * backup, a wrong no only a chunk stored twice.
 */
public interface IndexRules {

  /** Whether a segment is young enough: its {@code asOf} is not below the floor of GC's lists. */
  boolean usable(long asOf);

  /** Whether no epoch after {@code asOf} condemned the pack, as far as this session must know. */
  boolean usable(PackName pack, long asOf);

  /** For a repository in which GC never ran. */
  static IndexRules withoutCollection() {
    return new IndexRules() {
      @Override
      public boolean usable(long asOf) {
        return true;
      }

      @Override
      public boolean usable(PackName pack, long asOf) {
        return true;
      }
    };
  }
}
