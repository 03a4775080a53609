package io.blockmover.engine.backup;

import io.blockmover.api.MoverException;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.BackupSession;
import io.blockmover.repository.commit.ParentChoice;
import io.blockmover.repository.session.SessionHost;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The job that backs one volume up. */
public final class Backup {

  private static final String PROGRAM = "blockmover";

  private final Repository repository;
  private final BackupRequest request;
  private final Progress progress;
  private final Cancellation cancellation;

  public Backup(
      Repository repository, BackupRequest request, Progress progress, Cancellation cancellation) {
    this.repository = repository;
    this.request = request;
    this.progress = progress;
    this.cancellation = cancellation;
  }

  /**
   * Runs the backup. When it returns, the backup is committed: listed, durable and restorable.
   *
   * @throws io.blockmover.api.Cancelled if it was told to stop; nothing was committed, and what was
   *     uploaded stays for the next run
   * @throws io.blockmover.api.SourceReadFailed if a place cannot be read and may not be skipped
   * @throws io.blockmover.api.WriteOutcomeUnknown if it is not known whether it was committed
   * @throws MoverException if the store fails; nothing was committed
   */
  public BackupReport run() throws MoverException {
    long startNanos = System.nanoTime();
    progress.total(request.source().sizeBytes());
    try (ScheduledExecutorService beats =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("heartbeat").daemon().factory())) {
      try (BackupSession session = begin(SessionHost.current(request.host(), PROGRAM, beats))) {
        return new BackupRun(repository, request, progress, cancellation, session).run(startNanos);
      } finally {
        beats.shutdownNow();
      }
    }
  }

  private BackupSession begin(SessionHost host) throws MoverException {
    return BackupSession.begin(
        repository,
        host,
        new io.blockmover.repository.commit.BackupRequest(
            request.volume(),
            ParentChoice.LATEST,
            request.source().sizeBytes(),
            repository.format().chunkBytes(),
            request.source().immutableIdentity().orElse(null),
            null));
  }
}
