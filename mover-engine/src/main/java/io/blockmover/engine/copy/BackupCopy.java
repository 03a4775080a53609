package io.blockmover.engine.copy;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.engine.backup.Backup;
import io.blockmover.engine.backup.BackupReport;
import io.blockmover.engine.backup.BackupRequest;
import io.blockmover.engine.backup.TrackingOptions;
import io.blockmover.engine.fetch.HeldBackup;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.Repository;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.session.SessionKind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The job that makes a backup of one repository a backup of another, with that one's own keys and
 * chunks. It is a backup like any other, whose source is the stored volume and whose tracker
 * compares maps: what the last copy of the volume holds is not read again, and nothing of the
 * commit protocol is new.
 */
public final class BackupCopy {

  /** Begins the tag that names the backup that a copy, or a copy of a copy, goes back to. */
  private static final String TAG = "copied-from=";

  private final Repository from;
  private final Repository to;
  private final CopyRequest request;
  private final Progress progress;
  private final Cancellation cancellation;

  public BackupCopy(
      Repository from,
      Repository to,
      CopyRequest request,
      Progress progress,
      Cancellation cancellation) {
    this.from = from;
    this.to = to;
    this.request = request;
    this.progress = progress;
    this.cancellation = cancellation;
  }

  /** Id of the backup that one with these tags goes back to: its own if it is no copy. */
  public static String origin(String id, List<String> tags) {
    return tags.stream()
        .filter(tag -> tag.startsWith(TAG))
        .map(tag -> tag.substring(TAG.length()))
        .findFirst()
        .orElse(id);
  }

  /**
   * Runs the copy. When it returns, the copy is committed: under the same name of the volume, with
   * the same tags and one more, and with the time of the original.
   *
   * @throws io.blockmover.api.BackupNotFound if the original was forgotten
   * @throws io.blockmover.api.CorruptData if an object of the original is damaged or missing;
   *     nothing was committed
   * @throws io.blockmover.api.AccessDenied if the password of the original may only write
   * @throws MoverException as {@link Backup#run}, of the repository that is copied to
   */
  public BackupReport run() throws MoverException {
    from.keys().requireReading();
    try (HeldBackup held = HeldBackup.open(from, SessionKind.RESTORE, request.backup());
        StoredVolume source = new StoredVolume(from, held)) {
      Manifest manifest = held.manifest();
      List<ChangeTrackerProvider> trackers = new ArrayList<>();
      trackers.add(new MapTrackerProvider(from, request.backup()));
      trackers.addAll(request.fallbacks());
      Set<String> tags = new LinkedHashSet<>(manifest.tags());
      tags.add(TAG + origin(manifest.backup(), manifest.tags()));
      BackupRequest backup =
          new BackupRequest(
              source,
              "copy",
              manifest.volume(),
              new SnapshotReference(
                  "copy",
                  manifest.backup(),
                  manifest.volume(),
                  manifest.volumeBytes(),
                  Map.of(SnapshotReference.CREATED, manifest.started().toString())),
              trackers,
              List.copyOf(tags),
              request.compressionLevel(),
              true,
              request.host(),
              request.memory(),
              TrackingOptions.STANDARD,
              manifest.started());
      return new Backup(to, backup, progress, cancellation).run();
    }
  }
}
