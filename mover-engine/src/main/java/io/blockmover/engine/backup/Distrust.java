package io.blockmover.engine.backup;

import io.blockmover.api.MoverException;
import io.blockmover.repository.manifest.DistrustRecord;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.session.JournalDoubt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which trackers are not believed about a volume: since an earlier backup, or because an earlier
 * run of this one or this very run caught them. What this run finds is written down before it goes
 * on, for a run that continues it. For one thread at a time.
 */
final class Distrust {

  /** Writes down that a list of this backup was found wrong. */
  interface Notes {
    void write(JournalDoubt doubt) throws MoverException;
  }

  private final String backup;
  private final Notes notes;
  private final List<DistrustRecord> records = new ArrayList<>();

  /**
   * @param options say who may be trusted again
   * @param parent null if this is the first backup
   * @param backup id of the one that is being made
   * @param before what an earlier run of it found; null if nothing
   */
  Distrust(
      TrackingOptions options,
      @Nullable Manifest parent,
      String backup,
      @Nullable JournalDoubt before,
      Notes notes) {
    this.backup = backup;
    this.notes = notes;
    List<DistrustRecord> known = new ArrayList<>();
    if (parent != null) {
      known.addAll(parent.tracker().distrusted());
    }
    if (before != null) {
      known.addAll(before.distrusted());
    }
    known.removeIf(record -> options.trustedAgain().contains(record.tracker()));
    records.addAll(known);
  }

  /** Why a tracker is not asked, a sentence; empty if it may be. */
  Optional<String> whyNot(String tracker) {
    return records.stream()
        .filter(record -> record.tracker().equals(tracker))
        .findFirst()
        .map(
            record ->
                "not asked, because it is distrusted for this volume since backup "
                    + record.backup()
                    + ", which found that "
                    + record.reason());
  }

  /** A list was wrong, and it is not known that anybody lied. */
  void doubt() throws MoverException {
    notes.write(
        new JournalDoubt(
            records.stream().filter(record -> record.backup().equals(backup)).toList()));
  }

  /** A tracker lied. */
  void caught(String tracker, String reason) throws MoverException {
    records.add(new DistrustRecord(tracker, backup, reason));
    doubt();
  }

  /** All of them, for the manifest. */
  List<DistrustRecord> records() {
    return List.copyOf(records);
  }
}
