package io.blockmover.repository.catalogue;

import io.blockmover.repository.VolumeId;
import io.blockmover.repository.head.BackupRow;
import java.util.List;

/**
 * A volume and its backups.
 *
 * @param backups oldest first
 */
public record VolumeBackups(VolumeId id, String volume, List<BackupRow> backups) {

  public VolumeBackups {
    backups = List.copyOf(backups);
  }
}
