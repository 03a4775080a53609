package io.blockmover.repository.commit;

import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.pack.PackName;
import java.util.Set;

/** How a commit ended. */
public sealed interface CommitOutcome {

  /** The backup exists now. */
  record Committed(BackupRow row) implements CommitOutcome {}

  /** The backup was committed before, by this run or an earlier one of the session. */
  record AlreadyCommitted(BackupRow row) implements CommitOutcome {}

  /** The backup was committed before, and has been forgotten since. */
  record Forgotten(String backup) implements CommitOutcome {}

  /**
   * The backup needs packs that are going to be deleted. Store what they hold again, in new packs,
   * and commit again; do not refer to any of them.
   */
  record PacksCondemned(Set<PackName> packs) implements CommitOutcome {

    public PacksCondemned {
      packs = Set.copyOf(packs);
    }
  }

  /**
   * The session is older than what is known of deleted packs, or metadata that it wrote has been
   * deleted. Start over with a new one.
   */
  record SessionTooOld(long base, long floor) implements CommitOutcome {}
}
