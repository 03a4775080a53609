package io.blockmover.velero;

import io.blockmover.kubernetes.ObjectKind;

/** The kinds of Velero's objects that a data mover meets. None has a status subresource. */
public final class VeleroKinds {

  public static final ObjectKind DATA_UPLOAD =
      new ObjectKind("velero.io", "v2alpha1", "DataUpload", "datauploads", true);
  public static final ObjectKind DATA_DOWNLOAD =
      new ObjectKind("velero.io", "v2alpha1", "DataDownload", "datadownloads", true);
  public static final ObjectKind BACKUP =
      new ObjectKind("velero.io", "v1", "Backup", "backups", true);
  public static final ObjectKind BACKUP_LOCATION =
      new ObjectKind("velero.io", "v1", "BackupStorageLocation", "backupstoragelocations", true);

  private VeleroKinds() {}
}
