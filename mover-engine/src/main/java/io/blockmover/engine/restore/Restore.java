package io.blockmover.engine.restore;

import io.blockmover.api.MoverException;
import io.blockmover.engine.fetch.HeldBackup;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.Repository;
import io.blockmover.repository.catalogue.BackupFinder;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.pack.DataKeys;
import io.blockmover.repository.session.SessionKind;

/** The job that restores one backup to a target. */
public final class Restore {

  private final Repository repository;
  private final RestoreRequest request;
  private final Progress progress;
  private final Cancellation cancellation;

  public Restore(
      Repository repository, RestoreRequest request, Progress progress, Cancellation cancellation) {
    this.repository = repository;
    this.request = request;
    this.progress = progress;
    this.cancellation = cancellation;
  }

  /**
   * Runs the restore. When it returns, the target holds the backup, durably, but for what the
   * report lists as lost.
   *
   * @throws io.blockmover.api.BackupNotFound if there is no such backup, or it was forgotten
   * @throws io.blockmover.api.TargetRefused before anything is written if the target is too small
   * @throws io.blockmover.api.CorruptData if an object is damaged or missing, naming it, the backup
   *     and the extent; not if it was to be kept going. The target holds a part of the volume
   * @throws io.blockmover.api.DeviceFailed if the target cannot be written, or does not hold what
   *     was written
   * @throws io.blockmover.api.Cancelled if it was told to stop; the target holds a part
   */
  public RestoreReport run() throws MoverException {
    FoundBackup found = new BackupFinder(repository).find(request.backup());
    RestoreRun.requireRoom(request.target(), found.row().id(), found.row().volumeBytes());
    progress.phase(Progress.Phase.PLANNING);
    try (HeldBackup held = HeldBackup.open(repository, SessionKind.RESTORE, found)) {
      DataKeys dataKeys = new DataKeys(repository.store(), repository.keys());
      return new RestoreRun(
              held.content(dataKeys), request, held::requireStillThere, progress, cancellation)
          .run();
    }
  }
}
