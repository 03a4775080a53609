package io.blockmover.engine.backup;

import io.blockmover.api.Cancelled;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.SourceReadFailed;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.engine.progress.Progress.Phase;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.BackupSession;
import io.blockmover.repository.commit.CommitOutcome;
import io.blockmover.repository.commit.Parent;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.PackSize;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.session.ResumableSession;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One run of a backup, from the choice of the tracker to the commit. */
final class BackupRun {

  /** How often chunks that GC condemned are stored again before the backup gives up. */
  private static final int MAX_ROUNDS = 8;

  private final Repository repository;
  private final BackupRequest request;
  private final Progress progress;
  private final Cancellation cancellation;
  private final BackupSession session;
  private final BackupContent content;
  private final int chunkBytes;
  private final JournalPolicy policy;
  private final @Nullable ResumableSession resumed;
  private final Set<PackName> condemned = new HashSet<>();
  private @Nullable UploadJournal journal;
  private final long readBefore;
  private boolean tooOld;
  private long newBytes;

  /**
   * @param resumed what the session continues; null if it is new
   */
  BackupRun(
      Repository repository,
      BackupRequest request,
      Progress progress,
      Cancellation cancellation,
      BackupSession session,
      @Nullable ResumableSession resumed,
      JournalPolicy policy) {
    this.resumed = resumed;
    this.readBefore = progress.snapshot().readBytes();
    this.policy = policy;
    this.repository = repository;
    this.request = request;
    this.progress = progress;
    this.cancellation = cancellation;
    this.session = session;
    this.chunkBytes = session.terms().chunkBytes();
    this.content = content(session.parent());
  }

  private BackupContent content(Optional<Parent> parent) {
    Optional<Manifest> manifest = parent.map(Parent::manifest);
    return new BackupContent(
        repository.metadata(),
        session.names(),
        chunkBytes,
        request.source().sizeBytes(),
        manifest.map(Manifest::map).orElse(List.of()),
        manifest.map(Manifest::fingerprints).orElse(List.of()),
        manifest.map(Manifest::usage).orElse(List.of()).stream().map(PackSize::reference).toList(),
        manifest.map(Manifest::volumeBytes).orElse(0L));
  }

  /** The report; null if the backup exists, but another run of the session made it. */
  @Nullable BackupReport run(long startNanos) throws MoverException {
    progress.phase(Phase.PLANNING);
    boolean hasParent = session.parent().isPresent();
    try (Upload upload =
            new Upload(
                repository.store(),
                repository.keys(),
                session.names(),
                request.memory(),
                progress,
                new SecureRandom());
        TrackerChoice choice =
            TrackerChoice.walk(request.trackers(), request.reference(), hasParent, recorded())) {
      progress.phase(Phase.MOVING);
      try (Segments segments =
          new Segments(
              request.source(), choice.listed(), choice.quality(), choice.unlistedIsZero())) {
        firstPass(upload, segments);
      }
      request.source().requireStillValid();
      progress.phase(Phase.COMMITTING);
      if (!commit(upload, choice)) {
        return null;
      }
      progress.phase(Phase.DONE);
      return record(upload, choice).report(Duration.ofNanos(System.nanoTime() - startNanos));
    }
  }

  private Optional<TrackerChoice.Recorded> recorded() {
    return session.parent().map(Parent::manifest).flatMap(BackupRun::recordedIn);
  }

  private static Optional<TrackerChoice.Recorded> recordedIn(Manifest manifest) {
    String changeId = manifest.tracker().changeId();
    return changeId == null
        ? Optional.empty()
        : Optional.of(
            new TrackerChoice.Recorded(manifest.tracker().name(), new ChangeId(changeId)));
  }

  private void firstPass(Upload upload, Segments segments) throws MoverException {
    SessionIndex index = index(upload);
    boolean immutable = request.source().immutableIdentity().isPresent();
    ResumedChunks chunks =
        new ResumedChunks(
            session.id(),
            resumed == null ? 0 : request.memory().sessionChunks(),
            repositoryChunks(),
            index::stored,
            immutable);
    UploadJournal first =
        new UploadJournal(
            resumed == null
                ? null
                : new ResumedWork(repository.metadata(), resumed, session.terms()),
            chunks,
            immutable,
            (records, to) ->
                new JournalWriter(
                    repository.metadata(),
                    session.names(),
                    upload.durable(),
                    policy,
                    immutable,
                    upload.packs()::sendOpen,
                    records,
                    to));
    journal = first;
    try {
      pass(upload, segments, content.pieces(), index, chunks, first);
    } catch (Cancelled e) {
      first.finish();
      throw first.describe(e, request.source().sizeBytes());
    } catch (SourceReadFailed | DeviceFailed e) {
      first.finish();
      throw e;
    }
  }

  /** Whether a later run can continue this one. */
  boolean leavesWork() {
    return !tooOld && (journal == null ? resumed != null : journal.holdsAnything());
  }

  private SessionIndex index(Upload upload) {
    return new SessionIndex(
        repository.metadata(), session.names(), session.epoch(), upload.durable());
  }

  private RepositoryChunks repositoryChunks() {
    return new RepositoryChunks(repository, request.memory().indexFilterBytes(), condemned);
  }

  private void pass(
      Upload upload,
      Segments segments,
      ParentPieces pieces,
      SessionIndex index,
      Deduplication.KnownChunks known,
      Journal passJournal)
      throws MoverException {
    Deduplication deduplication =
        new Deduplication(
            new SessionChunks(request.memory().sessionChunks()), known, index::stored);
    BackupPass pass =
        new BackupPass(
            repository.keys(),
            request.source(),
            upload.packs(),
            upload.uploader(),
            deduplication,
            request.memory(),
            chunkBytes,
            request.compressionLevel(),
            request.skipBadBlocks(),
            progress,
            cancellation);
    content.add(pass, segments, pieces, progress, upload.durable(), passJournal);
    newBytes += deduplication.newBytes();
    for (PackReference segment : index.finish()) {
      content.addIndex(segment);
    }
  }

  private boolean commit(Upload upload, TrackerChoice choice) throws MoverException {
    for (int round = 0; round < MAX_ROUNDS; round++) {
      content.compact();
      CommitOutcome outcome = session.commit(record(upload, choice).draft());
      switch (outcome) {
        case CommitOutcome.Committed _ -> {
          return true;
        }
        case CommitOutcome.AlreadyCommitted _ -> {
          // Of a source that cannot change, every run stores the same.
          return session.isOwn(outcome) || request.source().immutableIdentity().isPresent();
        }
        case CommitOutcome.Forgotten _ -> {
          return session.isOwn(outcome); // then whoever forgot it wanted it gone
        }
        case CommitOutcome.PacksCondemned(Set<PackName> packs) -> storeAgain(upload, packs);
        case CommitOutcome.SessionTooOld _ -> {
          tooOld = true;
          throw new StoreUnavailable(
              "this backup took so long that garbage collection forgot what it may refer to",
              Duration.ZERO,
              null);
        }
      }
    }
    throw new StoreUnavailable(
        "garbage collection condemned packs of this backup " + MAX_ROUNDS + " times",
        Duration.ZERO,
        null);
  }

  /** Stores what lies in condemned packs in new ones, read from the source again. */
  private void storeAgain(Upload upload, Set<PackName> packs) throws MoverException {
    condemned.addAll(packs);
    try (Segments segments =
        new Segments(request.source(), content.extentsIn(packs), ExtentQuality.EXACT, false)) {
      pass(upload, segments, ParentPieces.UNKNOWN, index(upload), repositoryChunks(), Journal.NONE);
    }
    content.rewrite(packs);
    request.source().requireStillValid();
  }

  private BackupRecord record(Upload upload, TrackerChoice choice) {
    return new BackupRecord(
        repository,
        request,
        session,
        content,
        choice,
        new BackupRecord.Figures(
            progress.snapshot().readBytes() - readBefore,
            newBytes,
            upload.durable().bytes(),
            journal == null ? 0 : journal.resumedPackBytes(),
            journal == null ? 0 : journal.resumedBytes()));
  }
}
