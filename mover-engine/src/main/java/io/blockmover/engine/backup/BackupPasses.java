package io.blockmover.engine.backup;

import io.blockmover.api.Cancelled;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.SourceReadFailed;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.BackupSession;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.session.JournalDoubt;
import io.blockmover.repository.session.ResumableSession;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The passes over the volume that a backup takes: the first one, one more over what a list was
 * found wrong about, and one over what garbage collection condemned in the meantime.
 */
final class BackupPasses {

  private final Repository repository;
  private final BackupRequest request;
  private final Progress progress;
  private final Cancellation cancellation;
  private final BackupSession session;
  private final BackupContent content;
  private final JournalPolicy policy;
  private final @Nullable ResumableSession resumed;
  private final ListVerdict verdict;
  private final PassTally tally = new PassTally();
  private final Set<PackName> condemned = new HashSet<>();
  private @Nullable UploadJournal journal;
  private volatile @Nullable SessionIndex index;
  private long newBytes;
  private volatile Doubt doubt = Doubt.NONE;

  /** Whether a list of this backup was found wrong. */
  private enum Doubt {
    NONE,
    /** It was, and a later run would not know. */
    UNWRITTEN,
    WRITTEN
  }

  /** What belongs to one run and is closed with it. */
  record Tools(Upload upload, StoredBytes stored) {}

  BackupPasses(
      Repository repository,
      BackupRequest request,
      Progress progress,
      Cancellation cancellation,
      BackupSession session,
      BackupContent content,
      @Nullable ResumableSession resumed,
      ListVerdict verdict,
      JournalPolicy policy) {
    this.repository = repository;
    this.request = request;
    this.progress = progress;
    this.cancellation = cancellation;
    this.session = session;
    this.content = content;
    this.resumed = resumed;
    this.verdict = verdict;
    this.policy = policy;
  }

  /** Walks the volume until nothing is in doubt. */
  void walk(Tools tools, Ladder ladder, Listing first, Sample sample) throws MoverException {
    SessionChunks seen = new SessionChunks(request.memory().sessionChunks());
    boolean believed = request.source().immutableIdentity().isPresent() && session.doubt() == null;
    ResumedChunks known =
        new ResumedChunks(
            session.id(),
            resumed == null ? 0 : request.memory().sessionChunks(),
            repositoryChunks(),
            chunk -> requireIndex().stored(chunk),
            believed);
    long oldBytes = session.parent().map(p -> p.manifest().volumeBytes()).orElse(Long.MAX_VALUE);
    try (Segments segments = new Segments(request.source(), first, ladder, sample, oldBytes)) {
      journal = journal(tools, ladder, first, known, believed);
      journaled(tools, segments, seen, known, requireJournal());
    }
    ladder.finished();
    if (ladder.redoTo() > 0) {
      redo(tools, ladder, seen, known);
    }
  }

  /** Writes down that a list was found wrong. Thread-safe. */
  void noteDoubt(JournalDoubt found) throws MoverException {
    doubt = Doubt.UNWRITTEN;
    session.doubt(found);
    doubt = Doubt.WRITTEN;
  }

  private void journaled(
      Tools tools,
      Segments segments,
      SessionChunks seen,
      Deduplication.KnownChunks known,
      Journal passJournal)
      throws MoverException {
    UploadJournal writing = requireJournal();
    try {
      pass(tools, segments, content.pieces(), seen, known, passJournal);
    } catch (Cancelled e) {
      writing.finish();
      throw writing.describe(e, request.source().sizeBytes(), doubt == Doubt.NONE);
    } catch (SourceReadFailed | DeviceFailed e) {
      writing.finish();
      throw e;
    }
  }

  private UploadJournal journal(
      Tools tools, Ladder ladder, Listing first, ResumedChunks known, boolean believed) {
    Upload upload = tools.upload();
    return new UploadJournal(
        resumed == null ? null : new ResumedWork(repository.metadata(), resumed, session.terms()),
        known,
        believed,
        first.method(),
        (records, to) ->
            new JournalWriter(
                repository.metadata(),
                session.names(),
                upload.durable(),
                policy,
                believed,
                upload.packs()::sendOpen,
                ladder::method,
                records,
                to));
  }

  /** Compares again what a list was followed in that was found wrong. */
  private void redo(Tools tools, Ladder ladder, SessionChunks seen, Deduplication.KnownChunks known)
      throws MoverException {
    if (ladder.redoFromParent()) {
      progress.done(-progress.snapshot().doneBytes());
      content.beginAgain();
    } else {
      progress.done(-ladder.redoTo());
    }
    Listing all = Listing.device(0, ladder.redoTo(), "");
    try (Segments segments = new Segments(request.source(), all)) {
      journaled(tools, segments, seen, known, requireJournal().ofAnotherPass());
    }
  }

  private UploadJournal requireJournal() {
    UploadJournal current = journal;
    if (current == null) {
      throw new IllegalStateException("no pass has begun");
    }
    return current;
  }

  /** Stores what lies in condemned packs in new ones, read from the source again. */
  void storeAgain(Tools tools, Set<PackName> packs) throws MoverException {
    condemned.addAll(packs);
    ExtentCursor extents = content.extentsIn(packs);
    Listing all =
        new Listing("", Listing.Kind.DEVICE, ExtentQuality.EXACT, extents, "condemned packs");
    SessionChunks seen = new SessionChunks(request.memory().sessionChunks());
    try (Segments segments = new Segments(request.source(), all)) {
      pass(tools, segments, ParentPieces.UNKNOWN, seen, repositoryChunks(), Journal.NONE);
    }
    content.rewrite(packs);
    request.source().requireStillValid();
  }

  private void pass(
      Tools tools,
      Segments segments,
      ParentPieces pieces,
      SessionChunks seen,
      Deduplication.KnownChunks known,
      Journal passJournal)
      throws MoverException {
    Upload upload = tools.upload();
    SessionIndex written =
        new SessionIndex(repository.metadata(), session.names(), session.epoch(), upload.durable());
    index = written;
    Deduplication deduplication = new Deduplication(seen, known, written::stored);
    BackupPass pass =
        new BackupPass(
            repository.keys(),
            request.source(),
            upload.packs(),
            upload.uploader(),
            deduplication,
            request.memory(),
            session.terms().chunkBytes(),
            request.compressionLevel(),
            request.skipBadBlocks(),
            tools.stored(),
            verdict,
            tally,
            progress,
            cancellation);
    content.add(pass, segments, pieces, progress, upload.durable(), passJournal);
    newBytes += deduplication.newBytes();
    for (PackReference segment : written.finish()) {
      content.addIndex(segment);
    }
  }

  private SessionIndex requireIndex() {
    SessionIndex current = index;
    if (current == null) {
      throw new IllegalStateException("no pass has begun");
    }
    return current;
  }

  private RepositoryChunks repositoryChunks() {
    return new RepositoryChunks(repository, request.memory().indexFilterBytes(), condemned);
  }

  /** Whether a later run can continue this one. */
  boolean leavesWork() {
    return switch (doubt) {
      case NONE -> journal == null ? resumed != null : journal.holdsAnything();
      case UNWRITTEN -> false; // it would be believed
      case WRITTEN -> true; // be it only who is not to be believed
    };
  }

  PassTally tally() {
    return tally;
  }

  /** Bytes of chunks that nobody had, before compression. */
  long newBytes() {
    return newBytes;
  }

  /** Bytes of packs that earlier runs of the session stored. */
  long resumedPackBytes() {
    return journal == null ? 0 : journal.resumedPackBytes();
  }

  /** Bytes of chunks that an earlier run stored and this one did not send again. */
  long resumedBytes() {
    return journal == null ? 0 : journal.resumedBytes();
  }
}
