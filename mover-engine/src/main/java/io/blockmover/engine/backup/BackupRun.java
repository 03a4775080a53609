package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.engine.progress.Progress.Phase;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.BackupSession;
import io.blockmover.repository.commit.CommitOutcome;
import io.blockmover.repository.commit.Parent;
import io.blockmover.repository.crypto.Hkdf;
import io.blockmover.repository.manifest.ChangeIdRecord;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.PackSize;
import io.blockmover.repository.manifest.SampleRecord;
import io.blockmover.repository.manifest.TrackerRecord;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.session.ResumableSession;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a backup, from the choice of the tracker to the commit. */
final class BackupRun {

  private static final Logger LOG = LoggerFactory.getLogger(BackupRun.class);

  /** How often chunks that GC condemned are stored again before the backup gives up. */
  private static final int MAX_ROUNDS = 8;

  private final Repository repository;
  private final BackupRequest request;
  private final Progress progress;
  private final BackupSession session;
  private final BackupContent content;
  private final BackupPasses passes;
  private final ListVerdict verdict = new ListVerdict();
  private final long readBefore;
  private boolean tooOld;

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
    this.readBefore = progress.snapshot().readBytes();
    this.repository = repository;
    this.request = request;
    this.progress = progress;
    this.session = session;
    this.content = content(session.parent());
    this.passes =
        new BackupPasses(
            repository,
            request,
            progress,
            cancellation,
            session,
            content,
            resumed,
            verdict,
            policy);
  }

  private BackupContent content(Optional<Parent> parent) {
    Optional<Manifest> manifest = parent.map(Parent::manifest);
    return new BackupContent(
        repository.metadata(),
        session.names(),
        session.terms().chunkBytes(),
        request.source().sizeBytes(),
        manifest.map(Manifest::map).orElse(List.of()),
        manifest.map(Manifest::fingerprints).orElse(List.of()),
        manifest.map(Manifest::usage).orElse(List.of()).stream().map(PackSize::reference).toList(),
        manifest.map(Manifest::badBlocks).orElse(List.of()).stream()
            .map(bad -> new Extent(bad.offset(), bad.length()))
            .toList(),
        manifest.map(Manifest::volumeBytes).orElse(0L));
  }

  /**
   * The report; null if another session must begin: another run of this one made the backup, or
   * what this one stored was collected while it slept.
   */
  @Nullable BackupReport run(long startNanos) throws MoverException {
    progress.phase(Phase.PLANNING);
    Manifest parent = session.parent().map(Parent::manifest).orElse(null);
    try (Upload upload =
            new Upload(
                repository.store(),
                repository.keys(),
                session.names(),
                request.memory(),
                progress,
                new SecureRandom());
        StoredBytes stored =
            new StoredBytes(repository, session.terms().chunkBytes(), passes.tally());
        Ladder ladder = new Ladder(request, parent, verdict, distrust(parent))) {
      BackupPasses.Tools tools = new BackupPasses.Tools(upload, stored);
      Sample sample = sample(parent);
      Listing first = ladder.begin();
      progress.phase(Phase.MOVING);
      passes.walk(tools, ladder, first, sample);
      request.source().requireStillValid();
      progress.phase(Phase.COMMITTING);
      TrackerRecord tracker = tracker(ladder, sample, parent);
      if (!commit(tools, tracker)) {
        return null;
      }
      progress.phase(Phase.DONE);
      return record(upload, tracker).report(Duration.ofNanos(System.nanoTime() - startNanos));
    }
  }

  private Distrust distrust(@Nullable Manifest parent) {
    return new Distrust(
        request.tracking(), parent, session.backupId(), session.doubt(), passes::noteDoubt);
  }

  /** What the lists of this backup are tested by; it goes on where the last backup's ended. */
  private Sample sample(@Nullable Manifest parent) {
    byte[] key =
        Hkdf.derive(
            repository.keys().fingerprintKey(),
            session.volume().getBytes(StandardCharsets.UTF_8),
            "blockmover/1 sample");
    return Sample.pick(
        key,
        request.source().sizeBytes(),
        session.terms().chunkBytes(),
        request.tracking().samplingRate(),
        cursor(parent),
        new SecureRandom());
  }

  private static long cursor(@Nullable Manifest parent) {
    SampleRecord before = parent == null ? null : parent.tracker().sample();
    return before == null ? 0 : before.cursor();
  }

  private TrackerRecord tracker(Ladder ladder, Sample sample, @Nullable Manifest parent) {
    Listing listing = ladder.listing();
    List<ChangeIdRecord> ids = ladder.changeIds();
    long sampledBytes = passes.tally().sampledBytes.sum();
    long picked = sampledBytes == 0 ? 0 : sample.size();
    return new TrackerRecord(
        listing.tracker(),
        listing.quality().name().toLowerCase(Locale.ROOT),
        ids.stream()
            .filter(id -> id.tracker().equals(listing.tracker()))
            .map(ChangeIdRecord::changeId)
            .findFirst()
            .orElse(null),
        listing.reason(),
        ladder.steps(),
        ids,
        new SampleRecord(cursor(parent) + picked, picked, sampledBytes),
        ladder.distrusted(),
        warnings(ladder));
  }

  private List<String> warnings(Ladder ladder) {
    OptionalLong listed = ladder.listedBytes();
    if (listed.isEmpty()) {
      return List.of();
    }
    Optional<String> warning =
        PageCacheTrap.warning(
            ladder.listing().kind(), listed.getAsLong(), request.reference(), request.source());
    warning.ifPresent(LOG::warn);
    return warning.stream().toList();
  }

  /** Whether a later run can continue this one. */
  boolean leavesWork() {
    return !tooOld && passes.leavesWork();
  }

  private boolean commit(BackupPasses.Tools tools, TrackerRecord tracker) throws MoverException {
    for (int round = 0; round < MAX_ROUNDS; round++) {
      content.compact();
      CommitOutcome outcome = session.commit(record(tools.upload(), tracker).draft());
      switch (outcome) {
        case CommitOutcome.Committed _ -> {
          return true;
        }
        case CommitOutcome.AlreadyCommitted _ -> {
          // Of a source that cannot change, every run stores the same; but another run of this
          // session may have believed a list that this one found wrong.
          return session.isOwn(outcome)
              || (request.source().immutableIdentity().isPresent() && session.doubt() == null);
        }
        case CommitOutcome.Forgotten _ -> {
          return session.isOwn(outcome); // then whoever forgot it wanted it gone
        }
        case CommitOutcome.PacksCondemned(Set<PackName> packs) -> passes.storeAgain(tools, packs);
        case CommitOutcome.SessionTooOld _ -> {
          LOG.warn("Garbage collection has deleted what backup {} consists of", session.backupId());
          tooOld = true;
          session.discard();
          return false;
        }
      }
    }
    throw new StoreUnavailable(
        "garbage collection condemned packs of this backup " + MAX_ROUNDS + " times",
        Duration.ZERO,
        null);
  }

  private BackupRecord record(Upload upload, TrackerRecord tracker) {
    return new BackupRecord(
        repository,
        request,
        session,
        content,
        tracker,
        new BackupRecord.Figures(
            progress.snapshot().readBytes() - readBefore,
            passes.newBytes(),
            upload.durable().bytes(),
            passes.resumedPackBytes(),
            passes.resumedBytes(),
            passes.tally()));
  }
}
