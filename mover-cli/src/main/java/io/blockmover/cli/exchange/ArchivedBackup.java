package io.blockmover.cli.exchange;

import java.time.Instant;
import java.util.List;

/**
 * What an archive says of the backup in it, as the JSON of its first entry.
 *
 * @param format version of the archive
 * @param created when the backup was begun
 */
public record ArchivedBackup(
    int format,
    String volume,
    long volumeBytes,
    String backup,
    Instant created,
    List<String> tags) {

  static final int FORMAT = 1;

  /** Names of the entries, in their order. */
  static final String ABOUT = "backup.json";

  static final String VOLUME = "volume.raw";
  static final String DIGEST = "volume.digest";

  @SuppressWarnings("NullAway") // JSON may lack them
  public ArchivedBackup {
    tags = tags == null ? List.of() : List.copyOf(tags);
    if (volume == null || volume.isBlank() || volumeBytes < 0) {
      throw new IllegalArgumentException("it names no volume, or no size");
    }
  }

  /** Of this version's format. */
  public static ArchivedBackup of(
      String volume, long volumeBytes, String backup, Instant created, List<String> tags) {
    return new ArchivedBackup(FORMAT, volume, volumeBytes, backup, created, tags);
  }
}
