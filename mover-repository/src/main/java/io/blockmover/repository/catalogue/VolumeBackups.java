package io.blockmover.repository.catalogue;

import io.blockmover.repository.VolumeId;
import io.blockmover.repository.head.BackupRow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A volume and its backups.
 *
 * @param backups oldest first
 * @param seq of the HEAD that lists them
 * @param older key of the list of older backups that this HEAD names
 * @param changed when HEAD was written, by the store's clock
 */
public record VolumeBackups(
    VolumeId id,
    String volume,
    List<BackupRow> backups,
    long seq,
    @Nullable String older,
    Instant changed) {

  public VolumeBackups {
    backups = List.copyOf(backups);
  }
}
