package io.blockmover.repository.commit;

import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.manifest.Manifest;

/** The backup that a new one is compared with. */
public record Parent(BackupRow row, Manifest manifest) {}
