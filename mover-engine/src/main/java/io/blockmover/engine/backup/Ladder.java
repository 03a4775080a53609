package io.blockmover.engine.backup;

import io.blockmover.api.Cancelled;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.engine.backup.Listing.Kind;
import io.blockmover.repository.manifest.ChangeIdRecord;
import io.blockmover.repository.manifest.DistrustRecord;
import io.blockmover.repository.manifest.Manifest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways of finding what changed, from the cheapest down: each tracker's changes since the last
 * backup, then each tracker's allocated extents to compare within, then the whole volume. Each step
 * down keeps the parent, is logged with its reason, and stands in the report. For one thread at a
 * time.
 */
final class Ladder implements Segments.Lists, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Ladder.class);

  private final BackupRequest request;
  private final TrackingOptions options;
  private final @Nullable Manifest parent;
  private final ListVerdict verdict;
  private final Distrust distrust;
  private final Trackers trackers;
  private final long volumeBytes;
  private final Deque<Rung> rungs = new ArrayDeque<>();
  private final List<String> steps = new ArrayList<>();
  private final FollowedLists followed;
  private OptionalLong listedBytes = OptionalLong.empty();
  private boolean caught;

  /** A way that has not been tried yet. */
  private record Rung(ChangeTrackerProvider provider, Kind kind) {}

  /**
   * @param parent null if this is the first backup
   */
  Ladder(BackupRequest request, @Nullable Manifest parent, ListVerdict verdict, Distrust distrust) {
    this.request = request;
    this.options = request.tracking();
    this.parent = parent;
    this.verdict = verdict;
    this.distrust = distrust;
    this.trackers = new Trackers(request.reference());
    this.volumeBytes = request.source().sizeBytes();
    this.followed = new FollowedLists(parent != null);
  }

  /** The first list that some tracker gives, or the whole volume. */
  Listing begin() throws MoverException {
    if (volumeBytes < options.minimumBytes()) {
      return begun(
          0, Listing.device(0, volumeBytes, "the volume is smaller than trackers pay for"));
    }
    List<ChangeTrackerProvider> usable = new ArrayList<>();
    for (ChangeTrackerProvider provider : request.trackers()) {
      Optional<String> against =
          distrust.whyNot(provider.name()).or(() -> trackers.whyNotApplicable(provider));
      if (against.isPresent()) {
        step(provider.name(), against.get());
      } else {
        usable.add(provider);
      }
    }
    if (parent != null) {
      usable.forEach(provider -> rungs.add(new Rung(provider, Kind.DELTA)));
    }
    usable.forEach(provider -> rungs.add(new Rung(provider, Kind.ALLOCATED)));
    return next(0);
  }

  private Listing next(long from) throws MoverException {
    while (!rungs.isEmpty()) {
      Rung rung = rungs.removeFirst();
      try {
        ChangeTracker tracker = trackers.open(rung.provider());
        Optional<Listing> opened =
            rung.kind() == Kind.DELTA
                ? delta(rung.provider().name(), tracker, from)
                : Optional.of(allocated(rung.provider().name(), tracker, from));
        if (opened.isPresent()) {
          return begun(from, opened.get());
        }
      } catch (Cancelled e) {
        throw e;
      } catch (MoverException e) {
        failed(rung, sentence(e));
      } catch (RuntimeException e) {
        LOG.warn("{} failed", rung.provider().name(), e);
        failed(rung, "it failed: " + e);
      }
    }
    return begun(
        from,
        Listing.device(
            from,
            volumeBytes,
            parent == null
                ? "there is no earlier backup to compare with"
                : "all of it is compared with the last backup"));
  }

  private void failed(Rung failed, String why) {
    step(failed.provider().name(), why);
    if (!trackers.isOpen(failed.provider())) { // it has nothing else to offer
      rungs.removeIf(rung -> rung.provider().name().equals(failed.provider().name()));
    }
  }

  private Listing begun(long from, Listing listing) {
    followed.begin(from, listing);
    return listing;
  }

  private Optional<Listing> delta(String name, ChangeTracker tracker, long from)
      throws MoverException {
    if (parent == null) {
      return Optional.empty();
    }
    switch (Base.of(parent, name, request.reference())) {
      case Base.Unusable(String why) -> {
        if (tracker.quality() != ExtentQuality.CANDIDATE) { // who tells no changes is not asked
          step(name, why);
        }
        return Optional.empty();
      }
      case Base.Known(var base) -> {
        ReadAhead list = open(name, offset -> tracker.changedSince(base, offset), from);
        double ratio = list.ratio(volumeBytes);
        if (ratio > options.changedRatio()) {
          list.close();
          rungs.removeIf(rung -> rung.kind() == Kind.DELTA);
          step(name, tooMuch(ratio));
          return Optional.empty();
        }
        return Optional.of(
            new Listing(
                name,
                Kind.DELTA,
                tracker.quality(),
                list,
                "it knows what changed since the last backup"));
      }
    }
  }

  private String tooMuch(double ratio) {
    return String.format(
        Locale.ROOT,
        "about %.0f %% of the volume changed, and above %.0f %% it is cheaper to compare all of it",
        100 * ratio,
        100 * options.changedRatio());
  }

  private Listing allocated(String name, ChangeTracker tracker, long from) throws MoverException {
    ReadAhead list = open(name, tracker::allocated, from);
    // A list of allocated extents is compared with the parent, however exact it is.
    ExtentQuality quality =
        parent != null || tracker.quality() == ExtentQuality.EXACT
            ? ExtentQuality.CANDIDATE
            : tracker.quality();
    return new Listing(
        name,
        Kind.ALLOCATED,
        quality,
        list,
        parent == null
            ? "there is no earlier backup to compare with"
            : "what it lists is compared with the last backup");
  }

  private ReadAhead open(String name, TrackedExtents.Opener opener, long from)
      throws MoverException {
    long limit = Math.max(volumeBytes, request.reference().sizeBytes());
    ReadAhead list = ReadAhead.of(TrackedExtents.open(name, opener, from, limit), from);
    listedBytes =
        list.isComplete() && from == 0 ? OptionalLong.of(list.listedBytes()) : OptionalLong.empty();
    return list;
  }

  @Override
  public @Nullable Listing after(Listing failed, MoverException why, long from)
      throws MoverException {
    boolean wholeListInDoubt = failed.extents() instanceof ReadAhead list && list.isViolated();
    step(
        failed.tracker(),
        sentence(why)
            + (wholeListInDoubt ? "; what it said before is not believed either" : "")
            + "; the backup goes on another way from offset "
            + from);
    if (wholeListInDoubt) {
      rungs.removeIf(rung -> rung.provider().name().equals(failed.tracker()));
      distrust.doubt();
      if (!followed.redo(failed, from)) {
        return null;
      }
    }
    return next(from);
  }

  @Override
  public @Nullable Listing stillGood(Listing current, long from) throws MoverException {
    return verdict.isVoid() && !caught ? voided(from) : current;
  }

  /** Tells that the volume was walked to its end. */
  void finished() throws MoverException {
    if (verdict.isVoid() && !caught) {
      Listing _ = voided(volumeBytes);
    }
  }

  private @Nullable Listing voided(long from) throws MoverException {
    caught = true;
    Extent place = verdict.place().orElseThrow();
    Listing liar = followed.at(place.offset());
    String what = liar.kind() == Kind.DELTA ? "changed" : "is not zeros";
    String reason = place + " " + what + ", which it did not tell";
    distrust.caught(liar.tracker(), reason);
    rungs.clear();
    step(
        liar.tracker(),
        reason + "; all is compared instead, and it is distrusted for this volume from now on");
    return followed.redo(liar, from)
        ? begun(from, Listing.device(from, volumeBytes, "a tracker was caught leaving out changes"))
        : null;
  }

  /** Up to which offset all must be compared once more; 0 if no list was found wrong. */
  long redoTo() {
    return redoFromParent() ? volumeBytes : followed.redoTo();
  }

  /** Whether that begins with the parent's content, and not with what was found so far. */
  boolean redoFromParent() {
    return followed.redoFromParent();
  }

  /** What the rest, or all, of the volume was found by. */
  Listing listing() {
    return redoFromParent()
        ? Listing.device(0, volumeBytes, "a list was found wrong, so all is compared")
        : followed.last();
  }

  /** Which lists were believed about a part of the volume; empty if all of it was compared. */
  String method(long from, long to) {
    return followed.method(from, to);
  }

  /** How much the first list named; empty if it is not known, or it was not followed to its end. */
  OptionalLong listedBytes() {
    return followed.count() == 1 && !redoFromParent() ? listedBytes : OptionalLong.empty();
  }

  /** Each step down, a sentence. */
  List<String> steps() {
    return steps;
  }

  /** Trackers that are not to be asked about this volume. */
  List<DistrustRecord> distrusted() {
    return distrust.records();
  }

  /** What to ask each tracker by next time. */
  List<ChangeIdRecord> changeIds() {
    return volumeBytes < options.minimumBytes()
        ? List.of()
        : trackers.changeIds(request.trackers());
  }

  private void step(String tracker, String sentence) {
    LOG.warn("Tracker {} is not used: {}", tracker, sentence);
    steps.add(tracker + ": " + sentence);
  }

  private static String sentence(MoverException e) {
    return e.advice().isEmpty()
        ? String.valueOf(e.getMessage())
        : e.getMessage() + " (" + e.advice() + ")";
  }

  @Override
  public void close() {
    trackers.close();
  }
}
