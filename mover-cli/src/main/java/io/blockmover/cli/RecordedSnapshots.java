package io.blockmover.cli;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.manifest.ChangeIdRecord;
import io.blockmover.repository.manifest.Manifest;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds backups by the snapshot that they were made of: by their tag, or by what trackers recorded
 * in their manifests. Manifests never change, so what one says is remembered. Thread-safe.
 */
final class RecordedSnapshots {

  /** Of so many backups at most; a few hundred bytes each. */
  private static final int REMEMBERED = 16 * 1024;

  private final OpenRepository open;
  private final Consumer<String> warnings;
  private final Map<String, Set<String>> names =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<String>> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * @param warnings told of each manifest that cannot be read and is passed over
   */
  RecordedSnapshots(OpenRepository open, Consumer<String> warnings) {
    this.open = open;
    this.warnings = warnings;
  }

  /**
   * The newest backup of a snapshot.
   *
   * @param id the snapshot's handle, or what its driver tells changes by
   */
  synchronized Optional<FoundBackup> find(String driver, String volumeHandle, String id)
      throws MoverException {
    String wanted = SnapshotTag.of(driver, volumeHandle, id);
    List<FoundBackup> tagged = open.backups(null, List.of(wanted), 1);
    if (!tagged.isEmpty()) {
      return Optional.of(tagged.getLast());
    }
    for (FoundBackup backup : open.backups(null, List.of(), Integer.MAX_VALUE).reversed()) {
      if (names(backup).contains(wanted)) {
        return Optional.of(backup);
      }
    }
    return Optional.empty();
  }

  private Set<String> names(FoundBackup backup) throws MoverException {
    Set<String> known = names.get(backup.row().id());
    if (known != null) {
      return known;
    }
    try {
      Set<String> read = names(open.manifest(backup));
      names.put(backup.row().id(), read);
      return read;
    } catch (CorruptData | ObjectNotFound e) {
      warnings.accept(
          "backup %s cannot be looked into: %s".formatted(backup.row().id(), e.getMessage()));
      return Set.of();
    }
  }

  private static Set<String> names(Manifest manifest) {
    Set<String> found = new HashSet<>();
    for (ChangeIdRecord id : manifest.tracker().changeIds()) {
      if (!id.snapshotHandle().isEmpty()) {
        found.add(SnapshotTag.of(id.driver(), id.volumeHandle(), id.snapshotHandle()));
        String word = ClusterSnapshot.storageId(id.changeId());
        found.add(SnapshotTag.of(id.driver(), id.volumeHandle(), word));
      }
    }
    return found;
  }
}
