package io.blockmover.repository.commit;

import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.repository.Repository;
import io.blockmover.repository.gc.GcReader;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadState;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.repository.head.VolumeHead;
import io.blockmover.repository.manifest.DistrustRecord;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.pack.PackName;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * W4 to W7 of the commit protocol, and giving up. The order of its requests is what makes it safe:
 * the manifest is published before the condemned packs are read, and HEAD is swapped last.
 */
final class CommitLoop {

  private static final int MAX_ROUNDS = 100;
  // Each may have waited for minutes in the retry layer.
  private static final int MAX_UNKNOWN = 10;
  private static final int MAX_UNKNOWN_MANIFESTS = 3;

  private final Repository repository;
  private final HeadStore heads;
  private final GcReader gc;
  private final String volume;
  private final String backup;
  private final long epoch;
  private final CommitStatistics statistics;
  private final Consumer<HeadState> listed;

  /** A state that a manifest was offered to, and whose fate is not known. */
  private @Nullable HeadState offered;

  private boolean seenBefore;
  private int unknownManifests;

  /** The manifests that this run offered. */
  private final Set<String> manifests = new HashSet<>();

  /**
   * @param epoch the GC epoch up to which all references are known to be good
   * @param seenBefore whether an earlier run may have committed this backup
   * @param listed told of HEADs that hold the backup
   */
  CommitLoop(
      Repository repository,
      String volume,
      String backup,
      long epoch,
      boolean seenBefore,
      CommitStatistics statistics,
      Consumer<HeadState> listed) {
    this.repository = repository;
    this.heads = new HeadStore(repository);
    this.gc = new GcReader(repository.documents());
    this.volume = volume;
    this.backup = backup;
    this.epoch = epoch;
    this.seenBefore = seenBefore;
    this.statistics = statistics;
    this.listed = listed;
  }

  CommitOutcome commit(ManifestDraft draft) throws MoverException {
    for (int round = 1; round <= MAX_ROUNDS; round++) {
      HeadState state = heads.load(volume);
      Optional<CommitOutcome> settled = settled(state);
      if (settled.isPresent()) {
        return settled.get();
      }
      Manifest manifest = draft.manifest().withBase(state.head().seq());
      Optional<String> key = publish(state, manifest);
      if (key.isEmpty()) {
        statistics.count(RedoReason.MANIFEST_UNKNOWN);
        continue;
      }
      Optional<CommitOutcome> refused = lookAround(draft);
      if (refused.isPresent()) {
        return refused.get();
      }
      BackupRow row = row(draft, key.get());
      Optional<CommitOutcome> outcome = offer(state, heads.with(state, row), row);
      if (outcome.isPresent()) {
        return outcome.get();
      }
    }
    throw new WriteOutcomeUnknown(
        "backup " + backup + " lost " + MAX_ROUNDS + " rounds against other writers of its volume",
        "run the backup again; it continues where this one ended");
  }

  /** W4: the manifest under a new name; empty if it is not known to be there. */
  private Optional<String> publish(HeadState state, Manifest manifest) throws MoverException {
    String key = "s/" + state.id() + "/" + backup + "." + repository.random().name();
    try {
      repository.documents().putIfAbsent(key, manifest);
      return Optional.of(key);
    } catch (ObjectAlreadyExists | WriteOutcomeUnknown e) {
      // The name is random: what is there is ours.
      if (repository.store().find(key).isPresent()) {
        return Optional.of(key);
      }
      if (++unknownManifests >= MAX_UNKNOWN_MANIFESTS) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** W5: only now, after the manifest is there. */
  private Optional<CommitOutcome> lookAround(ManifestDraft draft) throws MoverException {
    Set<PackName> hit = new TreeSet<>();
    long floor;
    try {
      floor = gc.visitSince(epoch, packs -> addHits(draft, packs, hit));
    } catch (ObjectNotFound e) {
      if (!isCollected(draft)) {
        throw e;
      }
      return Optional.of(tooOld(epoch));
    }
    if (floor > epoch) {
      return Optional.of(tooOld(floor));
    }
    if (hit.isEmpty()) {
      return Optional.empty();
    }
    statistics.count(RedoReason.PACKS_CONDEMNED);
    return Optional.of(new CommitOutcome.PacksCondemned(hit));
  }

  private static void addHits(ManifestDraft draft, SortedSet<PackName> packs, Set<PackName> hit)
      throws MoverException {
    addMetadata(draft, packs, hit);
    hit.addAll(draft.dataPacks().neededOf(packs));
  }

  private static void addMetadata(
      ManifestDraft draft, SortedSet<PackName> packs, Set<PackName> hit) {
    for (PackName own : draft.manifest().metadataPacks()) {
      if (packs.contains(own)) {
        hit.add(own);
      }
    }
  }

  /** Whether metadata was condemned and has gone: what the backup consists of is known no more. */
  private boolean isCollected(ManifestDraft draft) throws MoverException {
    Set<PackName> hit = new TreeSet<>();
    long floor = gc.visitSince(epoch, packs -> addMetadata(draft, packs, hit));
    return floor > epoch || !hit.isEmpty();
  }

  private CommitOutcome tooOld(long floor) {
    statistics.count(RedoReason.SESSION_TOO_OLD);
    return new CommitOutcome.SessionTooOld(epoch, floor);
  }

  /** W6 and W7; empty if this manifest is burnt and needs a new name. */
  private Optional<CommitOutcome> offer(HeadState state, VolumeHead next, BackupRow row)
      throws MoverException {
    for (int swap = 1; swap <= MAX_UNKNOWN; swap++) {
      offered = state;
      seenBefore = true;
      manifests.add(row.manifest());
      Optional<HeadState> written;
      try {
        written = heads.swap(state, next);
      } catch (Cancelled e) {
        throw e; // under way, perhaps
      } catch (MoverException e) {
        if (swap == 1) {
          offered = null;
        }
        throw e;
      }
      if (written.isPresent()) {
        offered = null;
        listed.accept(written.get());
        return Optional.of(new CommitOutcome.Committed(row));
      }
      HeadState now = heads.load(volume);
      Optional<CommitOutcome> settled = settled(now);
      if (settled.isPresent()) {
        return settled;
      }
      if (!now.sameAs(state)) {
        offered = null;
        statistics.count(RedoReason.HEAD_MOVED);
        return Optional.empty();
      }
      statistics.count(RedoReason.SWAP_UNKNOWN);
    }
    throw new WriteOutcomeUnknown(
        "the store took none of " + MAX_UNKNOWN + " writes of " + state.id().headKey(),
        "check the store's health, then run the backup again");
  }

  private Optional<CommitOutcome> settled(HeadState state) throws MoverException {
    Optional<BackupRow> row = seenBefore ? heads.find(state, backup) : state.head().find(backup);
    if (row.isPresent()) {
      offered = null;
      listed.accept(state);
      return Optional.of(new CommitOutcome.AlreadyCommitted(row.get()));
    }
    if (state.head().removed().contains(backup)) {
      offered = null;
      return Optional.of(new CommitOutcome.Forgotten(backup));
    }
    return Optional.empty();
  }

  private BackupRow row(ManifestDraft draft, String key) {
    Manifest manifest = draft.manifest();
    return new BackupRow(
        backup,
        key,
        manifest.started(), // what a night's backup holds is of that night, however long it took
        manifest.volumeBytes(),
        draft.storedBytes(),
        manifest.parent(),
        manifest.tags(),
        manifest.badBlocks().size(),
        manifest.tracker().distrusted().stream().map(DistrustRecord::tracker).toList());
  }

  /** Whether this run offered the manifest under which a backup is listed. */
  boolean isOwn(BackupRow row) {
    return manifests.contains(row.manifest());
  }

  /** Whether a manifest is under way whose fate is not known. */
  boolean isOpen() {
    return offered != null;
  }

  /**
   * Makes sure that no offered manifest can still be committed: HEAD moves on without it.
   *
   * @return what it found if the backup is or was committed; empty if it never will be
   * @throws WriteOutcomeUnknown if that could not be made sure of
   */
  Optional<CommitOutcome> giveUp() throws WriteOutcomeUnknown {
    try {
      for (int attempt = 1; offered != null && attempt <= MAX_UNKNOWN; attempt++) {
        HeadState now = heads.load(volume);
        Optional<CommitOutcome> settled = settled(now);
        if (settled.isPresent()) {
          return settled;
        }
        if (!now.sameAs(offered) || heads.swap(now, now.head()).isPresent()) {
          offered = null;
        }
      }
    } catch (MoverException e) {
      throw unknown(e);
    }
    if (offered != null) {
      throw unknown(null);
    }
    return Optional.empty();
  }

  private WriteOutcomeUnknown unknown(@Nullable Throwable cause) {
    return new WriteOutcomeUnknown(
        "it is not known whether backup " + backup + " was committed",
        "when the store answers again, look with `mover list`; nothing was deleted",
        cause);
  }
}
