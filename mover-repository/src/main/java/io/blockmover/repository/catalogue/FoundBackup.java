package io.blockmover.repository.catalogue;

import io.blockmover.repository.VolumeId;
import io.blockmover.repository.head.BackupRow;

/** A backup, and whose it is. */
public record FoundBackup(VolumeId id, String volume, BackupRow row) {}
