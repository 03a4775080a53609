package io.blockmover.repository.head;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What backups a volume has. Its members are those of the JSON. No HEAD in the store is the state
 * of {@link #absent}.
 *
 * @param volume name
 * @param seq one more in every write
 * @param nonce random: version tags may be hashes of the bytes, so bytes must never repeat
 * @param backups oldest first, at most {@link #MAX_ROWS}
 * @param older key of the list of still older ones
 * @param removed the last {@link #MAX_REMOVED} forgotten ids, oldest first
 * @param previous hex SHA-256 of the bytes before this write
 */
public record VolumeHead(
    int version,
    String volume,
    long seq,
    String nonce,
    List<BackupRow> backups,
    @Nullable String older,
    long olderCount,
    List<String> removed,
    @Nullable String previous) {

  public static final int MAX_ROWS = 128;
  public static final int MAX_REMOVED = 64;
  static final int VERSION = 1;

  @SuppressWarnings("NullAway") // JSON may lack them
  public VolumeHead {
    backups = backups == null ? List.of() : List.copyOf(backups);
    removed = removed == null ? List.of() : List.copyOf(removed);
  }

  /** A volume that nobody has written yet. */
  static VolumeHead absent(String volume) {
    return new VolumeHead(VERSION, volume, 0, "", List.of(), null, 0, List.of(), null);
  }

  /** The row of a backup, if it is among the newest. */
  public Optional<BackupRow> find(String id) {
    return backups.stream().filter(row -> row.id().equals(id)).findFirst();
  }

  /** The newest backup. */
  public Optional<BackupRow> latest() {
    return backups.isEmpty() ? Optional.empty() : Optional.of(backups.getLast());
  }

  VolumeHead withBackups(List<BackupRow> rows) {
    return new VolumeHead(version, volume, seq, nonce, rows, older, olderCount, removed, previous);
  }

  VolumeHead withOlder(@Nullable String key, long count) {
    return new VolumeHead(version, volume, seq, nonce, backups, key, count, removed, previous);
  }

  VolumeHead withRemoved(List<String> ids) {
    List<String> last = ids.subList(Math.max(0, ids.size() - MAX_REMOVED), ids.size());
    return new VolumeHead(version, volume, seq, nonce, backups, older, olderCount, last, previous);
  }

  VolumeHead next(String newNonce, @Nullable String previousHash) {
    return new VolumeHead(
        version, volume, seq + 1, newNonce, backups, older, olderCount, removed, previousHash);
  }
}
