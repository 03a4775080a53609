package io.blockmover.repository.catalogue;

import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadState;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A HEAD, remembered. Its members are those of the JSON.
 *
 * @param vol the volume's id
 * @param version the store's version tag of the HEAD
 * @param volume name
 * @param backups rows of the HEAD, oldest first
 * @param older key of the list of older backups
 * @param olderBackups the rows of that list, null if not known here
 */
record CatalogueRow(
    String vol,
    String version,
    long seq,
    String volume,
    List<BackupRow> backups,
    @Nullable String older,
    @Nullable List<BackupRow> olderBackups) {

  CatalogueRow {
    backups = List.copyOf(backups);
  }

  static CatalogueRow of(HeadState state) {
    return new CatalogueRow(
        state.id().hex(),
        Objects.requireNonNull(state.version(), "a HEAD that is not there").value(),
        state.head().seq(),
        state.head().volume(),
        state.head().backups(),
        state.head().older(),
        null);
  }

  CatalogueRow withOlderBackups(List<BackupRow> rows) {
    return new CatalogueRow(vol, version, seq, volume, backups, older, rows);
  }

  boolean isComplete() {
    return older == null || olderBackups != null;
  }

  int size() {
    return 1 + backups.size() + (olderBackups == null ? 0 : olderBackups.size());
  }
}
