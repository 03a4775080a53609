package io.blockmover.engine.restore;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.engine.fetch.ChunkConsumer;
import io.blockmover.engine.fetch.ChunkUse;
import io.blockmover.engine.fetch.Comparison;
import io.blockmover.engine.fetch.Fetch;
import io.blockmover.engine.fetch.FetchJob;
import io.blockmover.engine.fetch.FetchPlan;
import io.blockmover.engine.fetch.FetchTeam;
import io.blockmover.engine.fetch.MapWindow;
import io.blockmover.engine.fetch.MapWindows;
import io.blockmover.engine.fetch.MovedChunkFinder;
import io.blockmover.engine.fetch.StoredBackup;
import io.blockmover.engine.fetch.Verdicts;
import io.blockmover.engine.fetch.VolumeBytes;
import io.blockmover.engine.fetch.VolumeReader;
import io.blockmover.engine.fetch.WantedChunk;
import io.blockmover.engine.fetch.ZeroCheck;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.map.MapEntry;
import java.util.function.Supplier;

/**
 * Brings a target to the content of a backup: window by window of the map, each planned by pack,
 * all of it written out of order by a team of workers.
 */
final class VolumeRestore {

  /** So that a long stretch of zeros is shared by all workers and can be interrupted. */
  private static final long ZERO_STEP_BYTES = 1L << 30;

  private final StoredBackup content;
  private final MovedChunkFinder moved;
  private final BlockTarget target;
  private final boolean differential;
  private final boolean dryRun;
  private final FetchTeam workers;
  private final int maxFetchBytes;
  private final RestoreLosses losses;
  private final RestoreTally tally;
  private final Progress progress;

  VolumeRestore(
      StoredBackup content,
      RestoreRequest request,
      FetchTeam workers,
      int maxFetchBytes,
      RestoreLosses losses,
      RestoreTally tally,
      Progress progress) {
    this.content = content;
    this.moved = content.moved();
    this.target = request.target();
    this.differential = request.differential();
    this.dryRun = request.dryRun();
    this.workers = workers;
    this.maxFetchBytes = maxFetchBytes;
    this.losses = losses;
    this.tally = tally;
    this.progress = progress;
  }

  void run() throws MoverException {
    MapWindows windows = content.windows(losses);
    Comparison comparison =
        new Comparison(
            workers, VolumeReader.of(target), content.states().get(), this::countUnchanged);
    for (MapWindow window = windows.next(); window != null; window = windows.next()) {
      if (differential) {
        Verdicts verdicts = comparison.compare(window);
        overwrite(window.only(verdicts.different()));
        overwriteIfDifferent(window.only(verdicts.undecided()));
      } else {
        overwrite(window);
      }
    }
    workers.await();
    for (WantedChunk chunk : losses.takeForSecondTry()) {
      submit(Fetch.of(chunk), () -> new RunWriter(target, progress));
    }
    workers.await();
  }

  private void countUnchanged(long bytes) {
    tally.unchanged.add(bytes);
    progress.done(bytes);
  }

  private void overwrite(MapWindow window) throws MoverException {
    for (Extent zeros : window.zeros()) {
      if (target.startsAsZeros() && !differential) {
        countUnchanged(zeros.length());
      } else {
        zero(zeros);
      }
    }
    fetch(window, () -> new RunWriter(target, progress));
  }

  private void overwriteIfDifferent(MapWindow window) throws MoverException {
    VolumeReader reader = VolumeReader.of(target);
    ZeroCheck check = new ZeroCheck(reader);
    for (Extent zeros : window.zeros()) {
      workers.submit(
          worker -> {
            if (check.isZero(worker, zeros)) {
              countUnchanged(zeros.length());
            } else {
              zeroNow(zeros);
            }
          });
    }
    fetch(
        window,
        () ->
            new DifferenceWriter(target, new VolumeBytes(reader), progress, tally.unchanged::add));
  }

  private void zero(Extent extent) throws MoverException {
    for (long at = extent.offset(); at < extent.end(); at += ZERO_STEP_BYTES) {
      Extent step = Extent.between(at, Math.min(extent.end(), at + ZERO_STEP_BYTES));
      workers.submit(
          worker -> {
            worker.requireGoingOn();
            zeroNow(step);
          });
    }
  }

  private void zeroNow(Extent extent) throws MoverException {
    if (!dryRun) {
      target.zero(extent);
    }
    tally.zeroed.add(extent.length());
    progress.done(extent.length());
  }

  private void fetch(MapWindow window, Supplier<ChunkConsumer> consumer) throws MoverException {
    FetchPlan plan = new FetchPlan(maxFetchBytes);
    for (MapEntry.Data entry : window.data()) {
      plan.add(
          entry.location(), new ChunkUse(entry.offset(), (int) entry.length(), entry.within()));
    }
    plan.packNames().forEach(tally::pack);
    for (Fetch fetch : plan.finish()) {
      tally.plannedFetchBytes.add(fetch.length());
      fetch.chunks().forEach(chunk -> tally.plannedWriteBytes.add(chunk.usedBytes()));
      submit(fetch, consumer);
    }
  }

  private void submit(Fetch fetch, Supplier<ChunkConsumer> consumer) throws MoverException {
    if (dryRun) {
      fetch.chunks().forEach(chunk -> progress.done(chunk.usedBytes()));
    } else {
      workers.submit(new FetchJob(content.store(), moved, fetch, consumer.get(), losses, progress));
    }
  }
}
