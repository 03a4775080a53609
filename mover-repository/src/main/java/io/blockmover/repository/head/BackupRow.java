package io.blockmover.repository.head;

import com.fasterxml.jackson.annotation.JsonInclude;
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
 * @param distrusted names of trackers that are not asked about the volume
 */
public record BackupRow(
    String id,
    String manifest,
    Instant created,
    long volumeBytes,
    long storedBytes,
    @Nullable String parent,
    List<String> tags,
    int badBlocks,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> distrusted) {

  @SuppressWarnings("NullAway") // JSON may lack them
  public BackupRow {
    tags = tags == null ? List.of() : List.copyOf(tags);
    distrusted = distrusted == null ? List.of() : List.copyOf(distrusted);
  }

  /** Of a volume whose trackers are trusted. */
  public BackupRow(
      String id,
      String manifest,
      Instant created,
      long volumeBytes,
      long storedBytes,
      @Nullable String parent,
      List<String> tags,
      int badBlocks) {
    this(id, manifest, created, volumeBytes, storedBytes, parent, tags, badBlocks, List.of());
  }

  /** The same backup, under another manifest. */
  BackupRow under(String newManifest) {
    return new BackupRow(
        id, newManifest, created, volumeBytes, storedBytes, parent, tags, badBlocks, distrusted);
  }
}
