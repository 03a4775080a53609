package io.blockmover.repository.commit;

import io.blockmover.api.MoverException;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.repository.Operation;
import io.blockmover.repository.Repository;
import io.blockmover.repository.VolumeId;
import io.blockmover.repository.catalogue.CatalogueWriter;
import io.blockmover.repository.gc.GcHead;
import io.blockmover.repository.gc.GcReader;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.repository.session.Beat;
import io.blockmover.repository.session.Heartbeat;
import io.blockmover.repository.session.JournalDoubt;
import io.blockmover.repository.session.JournalTerms;
import io.blockmover.repository.session.ResumableSession;
import io.blockmover.repository.session.SessionHost;
import io.blockmover.repository.session.SessionObjects;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A writer of the commit protocol, from W0 to W8. Between {@link #begin} and {@link #commit} the
 * caller puts packs under {@linkplain #names names of this session}, and refers to those of the
 * parent and of index segments that are good at {@link #epoch}.
 *
 * <p>Belongs to one thread, but for {@link #names} and {@link #doubt}. Nothing here ever deletes a
 * pack or a manifest.
 */
public final class BackupSession implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BackupSession.class);

  private final Repository repository;
  private final String session;
  private final boolean resumed;
  private final String backup;
  private final String volume;
  private final long epoch;
  private final Instant started;
  private final PackNames names;
  private final Optional<Parent> parent;
  private final JournalTerms terms;
  private final Heartbeat heartbeat;
  private Beat beat;
  private final CommitStatistics statistics = new CommitStatistics();
  private final CommitLoop loop;

  private BackupSession(
      Repository repository,
      SessionHost host,
      SessionRequest request,
      Optional<Parent> parent,
      long epoch)
      throws MoverException {
    ResumableSession resume = request.resume();
    this.repository = repository;
    this.resumed = resume != null;
    this.volume = request.volume();
    this.parent = parent;
    this.epoch = epoch;
    this.session = resume == null ? repository.random().name() : resume.session();
    this.backup =
        resume == null
            ? repository.random().name()
            : Objects.requireNonNull(resume.beat().backup(), "a session without backup");
    this.started = resume == null ? repository.clock().instant() : resume.beat().started();
    this.terms = terms(request, parent);
    byte[] run = repository.random().bytes(8);
    ByteBuffer id = ByteBuffer.wrap(HexFormat.of().parseHex(session));
    this.names = new PackNames(id.getLong(), id.getLong(), ByteBuffer.wrap(run).getLong());
    this.loop =
        new CommitLoop(
            repository,
            volume,
            backup,
            epoch,
            resume != null,
            statistics,
            state -> new CatalogueWriter(repository).record(state));
    this.beat =
        Beat.ofBackup(
            host,
            repository.volumeId(volume),
            volume,
            started,
            parent.map(p -> List.of(p.row().manifest())).orElse(List.of()),
            epoch,
            backup,
            HexFormat.of().formatHex(run),
            request.source(),
            terms,
            resume == null ? null : resume.beat().doubt());
    this.heartbeat = Heartbeat.start(repository.documents(), host, session, beat);
  }

  /**
   * Begins a backup, or continues one that was interrupted: W1, W2, W0.
   *
   * @throws io.blockmover.api.BackupNotFound if the parent of the one to continue is gone
   */
  public static BackupSession begin(Repository repository, SessionHost host, SessionRequest request)
      throws MoverException {
    repository.require(Operation.READ);
    repository.require(Operation.WRITE);
    ResumableSession resume = request.resume();
    // Before any reference is taken. A plan that is out counts as not yet seen.
    long epoch =
        resume == null
            ? new GcReader(repository.documents()).load().finalEpoch()
            : resume.beat().base();
    Optional<Parent> parent = new ParentFinder(repository).find(request);
    return new BackupSession(repository, host, request, parent, epoch);
  }

  /** What a session that begins now would work under: what an interrupted one must agree with. */
  public static JournalTerms termsNow(Repository repository, SessionRequest request)
      throws MoverException {
    return terms(request, new ParentFinder(repository).find(request));
  }

  private static JournalTerms terms(SessionRequest request, Optional<Parent> parent) {
    return new JournalTerms(
        parent.map(p -> p.row().id()).orElse(null),
        request.volumeBytes(),
        parent.map(p -> p.manifest().chunkBytes()).orElse(request.chunkBytes()));
  }

  /** The session's id, 32 hex digits. */
  public String id() {
    return session;
  }

  /** The id of the backup that it makes. */
  public String backupId() {
    return backup;
  }

  public String volume() {
    return volume;
  }

  public VolumeId volumeId() {
    return repository.volumeId(volume);
  }

  public Instant started() {
    return started;
  }

  /** The GC epoch up to which references of this session are known to be good. */
  public long epoch() {
    return epoch;
  }

  /** Whether anything was condemned since it began, so that what it refers to may be gone. */
  public boolean mayHaveBeenCollected() throws MoverException {
    GcHead head = new GcReader(repository.documents()).load();
    return head.finalEpoch() > epoch || head.plan() != null;
  }

  /** Names for new packs; of this run only. Thread-safe. */
  public PackNames names() {
    return names;
  }

  /** The backup to compare with. */
  public Optional<Parent> parent() {
    return parent;
  }

  /** What a run that continues this one must find unchanged; holds the grid of this volume. */
  public JournalTerms terms() {
    return terms;
  }

  /** What this or an earlier run of the session found wrong; null if nothing. */
  public synchronized @Nullable JournalDoubt doubt() {
    return beat.doubt();
  }

  /**
   * Writes down that a list was found wrong, for whoever continues the session. Thread-safe.
   *
   * @throws MoverException if it could not be written: then the session must not be continued
   */
  public synchronized void doubt(JournalDoubt doubt) throws MoverException {
    beat = beat.doubting(doubt);
    heartbeat.change(beat);
  }

  /** Rounds lost so far. */
  public CommitStatistics statistics() {
    return statistics;
  }

  /**
   * W4 to W8. All packs that the draft needs must be in the store. May be called again after {@link
   * CommitOutcome.PacksCondemned}, with another draft.
   *
   * @throws WriteOutcomeUnknown if it is not known whether the backup was committed
   * @throws MoverException if the backup was not committed and never will be
   */
  public CommitOutcome commit(ManifestDraft draft) throws MoverException {
    requireOwn(draft.manifest());
    CommitOutcome outcome;
    try {
      outcome = loop.commit(draft);
    } catch (MoverException e) {
      outcome = settle(e);
    } catch (RuntimeException | Error e) {
      giveUpAfter(e);
      throw e;
    }
    switch (outcome) {
      case CommitOutcome.Committed _, CommitOutcome.AlreadyCommitted _, CommitOutcome.Forgotten _ ->
          discard();
      case CommitOutcome.PacksCondemned(var packs) ->
          LOG.warn("{} packs that backup {} needs are condemned", packs.size(), backup);
      case CommitOutcome.SessionTooOld _ -> {}
    }
    return outcome;
  }

  /** After a failure: what became of it, or the failure itself if nothing ever will. */
  private CommitOutcome settle(MoverException failure) throws MoverException {
    Optional<CommitOutcome> found;
    try {
      found = undisturbed();
    } catch (WriteOutcomeUnknown e) {
      e.addSuppressed(failure);
      throw e;
    }
    return found.orElseThrow(() -> notCommitted(failure));
  }

  /** The outcome is known by now, whatever the failure says. */
  private MoverException notCommitted(MoverException failure) {
    return failure instanceof WriteOutcomeUnknown
        ? new StoreUnavailable(
            "backup " + backup + " was not committed: " + failure.getMessage(),
            Duration.ZERO,
            failure)
        : failure;
  }

  /** What was offered must not be committed later, behind the back of whoever hears of this. */
  private void giveUpAfter(Throwable failure) {
    if (!loop.isOpen()) {
      return;
    }
    try {
      undisturbed();
    } catch (WriteOutcomeUnknown | RuntimeException | Error e) {
      if (!e.equals(failure)) {
        failure.addSuppressed(e);
      }
    }
  }

  /** Whether a manifest was offered of which it is not known what became. */
  public boolean isOpen() {
    return loop.isOpen();
  }

  /** Whether what is or was listed is what this run stored, not another run of the session. */
  public boolean isOwn(CommitOutcome outcome) {
    return switch (outcome) {
      case CommitOutcome.Committed _ -> true;
      case CommitOutcome.AlreadyCommitted(var row) -> loop.isOwn(row);
      case CommitOutcome.Forgotten _ -> !resumed; // which manifest it was is forgotten too
      case CommitOutcome.PacksCondemned _, CommitOutcome.SessionTooOld _ -> false;
    };
  }

  /**
   * Gives up. Afterwards the backup either exists or never will.
   *
   * @throws WriteOutcomeUnknown if that could not be made sure of; do not report a failure
   */
  public CancelOutcome cancel() throws WriteOutcomeUnknown {
    return undisturbed().isPresent() ? CancelOutcome.COMMITTED : CancelOutcome.NOT_COMMITTED;
  }

  /** An interrupt is often why we give up: it must not keep us from doing so. */
  private Optional<CommitOutcome> undisturbed() throws WriteOutcomeUnknown {
    boolean interrupted = Thread.interrupted();
    try {
      return loop.giveUp();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void requireOwn(Manifest manifest) {
    if (!manifest.backup().equals(backup)
        || !manifest.volume().equals(volume)
        || !manifest.session().equals(session)) {
      throw new IllegalArgumentException("the manifest of another session: " + manifest.session());
    }
  }

  /** W8: this session will not be continued. What cannot be deleted is left to GC. */
  public void discard() {
    heartbeat.close();
    try {
      SessionObjects.delete(repository.store(), session);
    } catch (MoverException e) {
      LOG.warn("session {} was not cleaned up: {}", session, e.getMessage());
    }
  }

  /** Ends the heartbeat; what was written stays, so that the backup can be continued. */
  @Override
  public void close() {
    heartbeat.close();
  }
}
