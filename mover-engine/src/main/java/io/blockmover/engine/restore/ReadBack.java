package io.blockmover.engine.restore;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.engine.fetch.BackupContent;
import io.blockmover.engine.fetch.VolumeCheck;
import io.blockmover.engine.fetch.VolumeReader;
import io.blockmover.engine.fetch.Workers;
import io.blockmover.engine.progress.Progress;
import java.util.List;

/** Reads a restored target and compares all of it with the backup. */
final class ReadBack {

  private final BackupContent content;
  private final BlockTarget target;
  private final Progress progress;

  ReadBack(BackupContent content, BlockTarget target, Progress progress) {
    this.content = content;
    this.target = target;
    this.progress = progress;
  }

  /**
   * Returns what was proved.
   *
   * @throws DeviceFailed if the target holds something else than was written
   */
  String run(Workers workers, int maxFetchBytes, RestoreLosses losses) throws MoverException {
    List<LostExtent> lost = losses.extents();
    VolumeCheck check = new VolumeCheck(content, VolumeReader.of(target), progress);
    check.run(workers, maxFetchBytes, losses, losses);
    List<Extent> different =
        check.different().stream()
            .filter(extent -> lost.stream().noneMatch(gone -> gone.extent().overlaps(extent)))
            .toList();
    if (!different.isEmpty()) {
      throw new DeviceFailed(
          target.name()
              + " does not hold what was written to it, first in extent "
              + different.getFirst()
              + " ("
              + different.size()
              + " in all)",
          "do not use it; check the device, then restore again");
    }
    return check.proved();
  }
}
