package io.blockmover.engine.fetch;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.fingerprint.PieceFingerprint;
import io.blockmover.repository.map.MapEntry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** Compares all of a volume with a backup: by fingerprint where it can, else with the chunks. */
public final class VolumeCheck {

  /** More differences than anybody looks at; they are counted no further. */
  private static final int MAX_DIFFERENT = 10_000;

  private final StoredBackup content;
  private final VolumeReader volume;
  private final Progress progress;
  private final LongAdder byFingerprint = new LongAdder();
  private final LongAdder byContent = new LongAdder();
  private final List<Extent> different = new ArrayList<>();
  private final Predicate<Extent> passedOver;

  public VolumeCheck(StoredBackup content, VolumeReader volume, Progress progress) {
    this(content, volume, progress, extent -> false);
  }

  /**
   * @param passedOver extents whose differences are not counted; asked from many threads
   */
  public VolumeCheck(
      StoredBackup content, VolumeReader volume, Progress progress, Predicate<Extent> passedOver) {
    this.passedOver = passedOver;
    this.content = content;
    this.volume = volume;
    this.progress = progress;
  }

  /** Compares; what differs is collected and does not end the work. */
  public void run(FetchTeam workers, int maxFetchBytes, Losses losses, MapDamage damage)
      throws MoverException {
    MapWindows windows = content.windows(damage);
    Comparison comparison =
        new Comparison(workers, volume, content.states().get(), this::countFingerprint);
    for (MapWindow window = windows.next(); window != null; window = windows.next()) {
      Verdicts verdicts = comparison.compare(window);
      collect(window, verdicts.different());
      check(workers, window.only(verdicts.undecided()), maxFetchBytes, losses);
    }
    workers.await();
  }

  private void countFingerprint(long bytes) {
    byFingerprint.add(bytes);
    progress.done(bytes);
  }

  private void countContent(long bytes) {
    byContent.add(bytes);
    progress.done(bytes);
  }

  private void collect(MapWindow window, BitSet pieces) {
    for (int first = pieces.nextSetBit(0); first >= 0; ) {
      int end = pieces.nextClearBit(first);
      long piece = PieceFingerprint.PIECE_BYTES;
      add(
          Extent.between(
              window.from() + first * piece, Math.min(window.to(), window.from() + end * piece)));
      first = pieces.nextSetBit(end);
    }
  }

  private void check(FetchTeam workers, MapWindow window, int maxFetchBytes, Losses losses)
      throws MoverException {
    ZeroCheck zeros = new ZeroCheck(volume);
    for (Extent extent : window.zeros()) {
      workers.submit(
          worker -> {
            if (zeros.isZero(worker, extent)) {
              countContent(extent.length());
            } else {
              add(extent);
            }
          });
    }
    FetchPlan plan = new FetchPlan(maxFetchBytes);
    MovedChunkFinder moved = content.moved();
    for (MapEntry.Data entry : window.data()) {
      plan.add(
          entry.location(), new ChunkUse(entry.offset(), (int) entry.length(), entry.within()));
    }
    for (Fetch fetch : plan.finish()) {
      ContentCheck consumer = new ContentCheck(volume, this::add, this::countContent);
      workers.submit(new FetchJob(content.store(), moved, fetch, consumer, losses, progress));
    }
  }

  private void add(Extent extent) {
    progress.done(extent.length());
    if (passedOver.test(extent)) {
      return;
    }
    synchronized (this) {
      if (different.size() < MAX_DIFFERENT) {
        different.add(extent);
      }
    }
  }

  /** Extents that are not as in the backup, ascending, at most 10,000. */
  public synchronized List<Extent> different() {
    return different.stream().sorted(Comparator.comparingLong(Extent::offset)).toList();
  }

  /** How what is equal was found to be, a phrase for the user. */
  public String proved() {
    return byFingerprint.sum()
        + " bytes are zeros or have the keyed 128-bit fingerprints of the backup, "
        + byContent.sum()
        + " bytes were compared with the chunks themselves";
  }
}
