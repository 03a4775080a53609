package io.blockmover.repository.manifest;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.UnsupportedFormat;
import io.blockmover.repository.document.DocumentStore;
import io.blockmover.repository.head.BackupRow;

/** Reads manifests. Thread-safe. */
public final class ManifestStore {

  private final DocumentStore documents;

  public ManifestStore(DocumentStore documents) {
    this.documents = documents;
  }

  /**
   * The manifest of a row.
   *
   * @throws io.blockmover.api.ObjectNotFound if it is not there: read HEAD again
   * @throws CorruptData if it is another backup's
   * @throws UnsupportedFormat if it needs a feature that is unknown here
   */
  public Manifest load(BackupRow row) throws MoverException {
    return load(row.id(), row.manifest());
  }

  /** As {@link #load(BackupRow)}. */
  public Manifest load(String backup, String key) throws MoverException {
    Manifest manifest = documents.load(key, Manifest.class);
    if (manifest.version() > Manifest.VERSION || !manifest.requires().isEmpty()) {
      throw new UnsupportedFormat(
          "backup "
              + backup
              + " is of version "
              + manifest.version()
              + " and needs the features "
              + manifest.requires()
              + ", which this program does not know",
          "use a newer mover");
    }
    if (!manifest.backup().equals(backup)) {
      throw new CorruptData(
          key, "the manifest of backup " + backup, "that of " + manifest.backup());
    }
    return manifest;
  }
}
