package io.blockmover.cli;

import io.blockmover.api.tracking.SnapshotReference;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The tag that a backup of a VolumeSnapshot gets, whatever tracker it used: so that {@code mover
 * cbt serve} finds the backup by the snapshot even where no tracker recorded anything.
 */
final class SnapshotTag {

  private SnapshotTag() {}

  /** The tag of a snapshot. */
  static String of(SnapshotReference snapshot) {
    return of(snapshot.driver(), snapshot.volumeHandle(), snapshot.handle());
  }

  static String of(String driver, String volumeHandle, String handle) {
    return "snapshot:" + part(driver) + "/" + part(volumeHandle) + "/" + part(handle);
  }

  private static String part(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
