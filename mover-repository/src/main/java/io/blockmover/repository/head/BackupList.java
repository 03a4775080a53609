package io.blockmover.repository.head;

import java.util.List;

/**
 * Older backups of a volume; immutable. Its members are those of the JSON.
 *
 * @param base HEAD.seq that it was built on
 * @param backups oldest first
 */
record BackupList(int version, long base, List<BackupRow> backups) {

  BackupList {
    backups = List.copyOf(backups);
  }
}
