package io.blockmover.engine.restore;

import io.blockmover.api.MoverException;
import io.blockmover.api.TargetRefused;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.engine.fetch.FetchTeam;
import io.blockmover.engine.fetch.StoredBackup;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import java.time.Duration;

/** One restore of a backup that has been found and is held. */
final class RestoreRun {

  private final StoredBackup content;
  private final RestoreRequest request;
  private final RestoreLosses.Gone gone;
  private final Progress progress;
  private final Cancellation cancellation;
  private final RestoreTally tally = new RestoreTally();

  RestoreRun(
      StoredBackup content,
      RestoreRequest request,
      RestoreLosses.Gone gone,
      Progress progress,
      Cancellation cancellation) {
    this.content = content;
    this.request = request;
    this.gone = gone;
    this.progress = progress;
    this.cancellation = cancellation;
  }

  /**
   * Returns if the target is large enough.
   *
   * @throws TargetRefused before anything is written if the target is too small
   */
  static void requireRoom(BlockTarget target, String backup, long volumeBytes)
      throws TargetRefused {
    if (target.sizeBytes() < volumeBytes) {
      throw new TargetRefused(
          target.name()
              + " has "
              + target.sizeBytes()
              + " bytes, backup "
              + backup
              + " needs "
              + volumeBytes,
          "restore to a target of at least that size");
    }
  }

  RestoreReport run() throws MoverException {
    long start = System.nanoTime();
    BlockTarget target = request.target();
    requireRoom(target, content.backup(), content.volumeBytes());
    boolean readBack = request.readBack() && !request.dryRun();
    progress.total(content.volumeBytes() * (readBack ? 2 : 1));
    progress.phase(Progress.Phase.MOVING);
    RestoreLosses losses = new RestoreLosses(request.keepGoing(), content.backup(), gone);
    FetchTeam.Size size =
        content.teamSize(request.memory().workers(), request.memory().packBytes());
    String proved;
    try (FetchTeam workers =
        new FetchTeam(
            size, content.dataKeys(), content.metadata().keys(), cancellation, "restore")) {
      new VolumeRestore(content, request, workers, size.storedBytes(), losses, tally, progress)
          .run();
      if (!request.dryRun()) {
        progress.phase(Progress.Phase.FLUSHING);
        target.flush();
      }
      if (readBack) {
        progress.phase(Progress.Phase.CHECKING);
        proved =
            "flushed and read back: "
                + new ReadBack(content, target, progress).run(workers, size.storedBytes(), losses);
      } else {
        proved = provedWithoutReadBack();
      }
    }
    progress.phase(Progress.Phase.DONE);
    return report(losses, proved, Duration.ofNanos(System.nanoTime() - start));
  }

  private String provedWithoutReadBack() {
    if (request.dryRun()) {
      return "nothing: this was a dry run";
    }
    String left =
        request.differential()
            ? "; what was left as it was has the fingerprints or the bytes of the backup"
            : "";
    return "all bytes written came from authenticated chunks, and the target was flushed"
        + left
        + "; it was not read back";
  }

  private RestoreReport report(RestoreLosses losses, String proved, Duration duration) {
    boolean dry = request.dryRun();
    Progress.Snapshot moved = progress.snapshot();
    return new RestoreReport(
        content.backup(),
        content.volume(),
        content.volumeBytes(),
        dry ? tally.plannedFetchBytes.sum() : moved.readBytes(),
        dry ? tally.plannedWriteBytes.sum() : moved.storedBytes(),
        tally.zeroed.sum(),
        tally.unchanged.sum(),
        tally.packs(),
        losses.extents(),
        losses.extents().isEmpty() ? proved : proved + "; what is listed as lost is not restored",
        duration);
  }
}
