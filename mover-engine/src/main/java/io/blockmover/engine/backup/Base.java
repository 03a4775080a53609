package io.blockmover.engine.backup;

import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.repository.manifest.ChangeIdRecord;
import io.blockmover.repository.manifest.Manifest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a tracker is asked for changes since, or why it cannot be asked. */
sealed interface Base {

  /** It can. */
  record Known(ChangeId changeId) implements Base {}

  /**
   * It cannot.
   *
   * @param why a sentence
   */
  record Unusable(String why) implements Base {}

  /** What the parent recorded for a tracker, if it is of this very volume and older. */
  static Base of(Manifest parent, String tracker, SnapshotReference target) {
    ChangeIdRecord found = null;
    for (ChangeIdRecord recorded : parent.tracker().changeIds()) {
      found = recorded.tracker().equals(tracker) ? recorded : found;
    }
    if (found == null) {
      return new Unusable("the last backup recorded nothing that it could be asked by");
    }
    if (!found.driver().equals(target.driver())) {
      return new Unusable(
          "the last backup is of driver " + found.driver() + ", this one of " + target.driver());
    }
    if (!found.volumeHandle().equals(target.volumeHandle())) {
      return new Unusable(
          "the last backup is of storage volume "
              + found.volumeHandle()
              + ", this one of "
              + target.volumeHandle()
              + ": the volume was made anew under its name");
    }
    return isNewer(found.snapshotCreated(), target)
        ? new Unusable("the last backup is of a newer snapshot, of " + found.snapshotCreated())
        : new Known(new ChangeId(found.changeId()));
  }

  private static boolean isNewer(@Nullable Instant base, SnapshotReference target) {
    return base != null && target.created().filter(base::isAfter).isPresent();
  }
}
