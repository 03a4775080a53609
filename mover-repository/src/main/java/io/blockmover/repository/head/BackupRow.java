package io.blockmover.repository.head;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A backup, as a volume's HEAD lists it. Its members are those of the JSON.
 *
 * @param id 32 hex digits
 * @param manifest key of its manifest
 * @param created by the clock of the mover that made it
 * @param storedBytes what it added to the repository
 * @param parent id of the backup it was compared with
 * @param badBlocks in how many places the source could not be read; the manifest lists them
 */
public record BackupRow(
    String id,
    String manifest,
    Instant created,
    long volumeBytes,
    long storedBytes,
    @Nullable String parent,
    List<String> tags,
    int badBlocks) {

  @SuppressWarnings("NullAway") // JSON may lack them
  public BackupRow {
    tags = tags == null ? List.of() : List.copyOf(tags);
  }
}
