package io.blockmover.engine.backup;

import io.blockmover.api.BackupNotFound;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.BackupSession;
import io.blockmover.repository.commit.ParentChoice;
import io.blockmover.repository.commit.SessionRequest;
import io.blockmover.repository.session.ResumableSession;
import io.blockmover.repository.session.ResumableSessions;
import io.blockmover.repository.session.SessionHost;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The job that backs one volume up. */
public final class Backup {

  private static final Logger LOG = LoggerFactory.getLogger(Backup.class);

  /** How often it starts over because another run or garbage collection was faster. */
  private static final int MAX_SESSIONS = 3;

  private static final String PROGRAM = "blockmover";

  private final Repository repository;
  private final BackupRequest request;
  private final Progress progress;
  private final Cancellation cancellation;
  private final JournalPolicy policy;

  public Backup(
      Repository repository, BackupRequest request, Progress progress, Cancellation cancellation) {
    this(repository, request, progress, cancellation, JournalPolicy.STANDARD);
  }

  /** A backup that writes down what is durable at its own times. */
  public Backup(
      Repository repository,
      BackupRequest request,
      Progress progress,
      Cancellation cancellation,
      JournalPolicy policy) {
    this.repository = repository;
    this.request = request;
    this.progress = progress;
    this.cancellation = cancellation;
    this.policy = policy;
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
      try {
        return run(startNanos, SessionHost.current(request.host(), PROGRAM, beats));
      } finally {
        beats.shutdownNow();
      }
    }
  }

  private BackupReport run(long startNanos, SessionHost host) throws MoverException {
    ResumableSession interrupted = findInterrupted(host);
    for (int attempt = 1; attempt <= MAX_SESSIONS; attempt++) {
      try {
        BackupReport report = run(startNanos, host, interrupted);
        if (report != null) {
          return report;
        }
      } catch (BackupNotFound e) {
        if (interrupted == null) {
          throw e;
        }
        LOG.info("The interrupted backup is not continued: {}", e.getMessage());
      }
      interrupted = null;
      progress.done(-progress.snapshot().doneBytes());
    }
    throw new StoreUnavailable(
        "other runs or garbage collection took over " + MAX_SESSIONS + " sessions of this backup",
        Duration.ZERO,
        null);
  }

  private @Nullable BackupReport run(
      long startNanos, SessionHost host, @Nullable ResumableSession interrupted)
      throws MoverException {
    try (BackupSession session = begin(host, interrupted)) {
      BackupReport report = run(startNanos, session, interrupted);
      if (report == null) {
        LOG.info("Backup {} is not made by this session; it starts over", session.backupId());
      }
      return report;
    }
  }

  private BackupSession begin(SessionHost host, @Nullable ResumableSession interrupted)
      throws MoverException {
    try {
      return BackupSession.begin(repository, host, terms(interrupted));
    } catch (WriteOutcomeUnknown e) {
      throw notCommitted(e);
    }
  }

  private @Nullable BackupReport run(
      long startNanos, BackupSession session, @Nullable ResumableSession interrupted)
      throws MoverException {
    BackupRun run =
        new BackupRun(repository, request, progress, cancellation, session, interrupted, policy);
    try {
      return run.run(startNanos);
    } catch (ObjectNotFound e) {
      if (session.isOpen() || !session.mayHaveBeenCollected()) {
        throw e;
      }
      // The parent was forgotten, or this process slept until it was taken for dead.
      LOG.warn("What backup {} refers to was collected: {}", session.backupId(), e.getMessage());
      discard(session);
      return null;
    } catch (MoverException e) {
      if (session.isOpen()) {
        throw e; // whoever looks into it finds the session as it was
      }
      if (!run.leavesWork()) {
        discard(session);
      }
      throw notCommitted(e);
    }
  }

  /** Before a manifest is offered, no write decides whether there is a backup. */
  private static MoverException notCommitted(MoverException failure) {
    return failure instanceof WriteOutcomeUnknown
        ? new StoreUnavailable(
            "nothing was committed: " + failure.getMessage(), Duration.ZERO, failure)
        : failure;
  }

  /** An interrupt is often why the run ended: it must not keep us from cleaning up. */
  private static void discard(BackupSession session) {
    boolean interrupted = Thread.interrupted();
    try {
      session.discard();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private @Nullable ResumableSession findInterrupted(SessionHost host) throws MoverException {
    SessionRequest terms = terms(null);
    List<ResumableSession> found =
        new ResumableSessions(repository, host, Backup::processLives)
            .find(terms.volume(), terms.source(), () -> BackupSession.termsNow(repository, terms));
    if (found.isEmpty()) {
      return null;
    }
    LOG.info("Backup {}, which was interrupted, is continued", found.getFirst().beat().backup());
    return found.getFirst();
  }

  /** Ids of processes are used again: then a dead session looks alive, and all is sent again. */
  private static boolean processLives(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private SessionRequest terms(@Nullable ResumableSession resume) {
    return new SessionRequest(
        request.volume(),
        ParentChoice.LATEST,
        request.source().sizeBytes(),
        repository.format().chunkBytes(),
        request.source().immutableIdentity().orElse(null),
        resume);
  }
}
