package io.blockmover.engine.restore;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.engine.fetch.FetchTeam;
import io.blockmover.engine.fetch.StoredBackup;
import io.blockmover.engine.fetch.VolumeCheck;
import io.blockmover.engine.fetch.VolumeReader;
import io.blockmover.engine.progress.Progress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Reads a restored target and compares all of it with the backup. */
final class ReadBack {

  private final StoredBackup content;
  private final BlockTarget target;
  private final Progress progress;

  ReadBack(StoredBackup content, BlockTarget target, Progress progress) {
    this.content = content;
    this.target = target;
    this.progress = progress;
  }

  /**
   * Returns what was proved.
   *
   * @throws DeviceFailed if the target holds something else than was written
   */
  String run(FetchTeam workers, int maxFetchBytes, RestoreLosses losses) throws MoverException {
    NavigableMap<Long, Long> lost = ends(losses.extents());
    VolumeCheck check =
        new VolumeCheck(
            content, VolumeReader.of(target), progress, extent -> overlaps(lost, extent));
    check.run(workers, maxFetchBytes, losses, losses);
    List<Extent> different = check.different();
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

  /** Where lost extents end, by where they begin; merged, so that none overlap. */
  static NavigableMap<Long, Long> ends(List<LostExtent> lost) {
    NavigableMap<Long, Long> ends = new TreeMap<>();
    lost.stream()
        .map(LostExtent::extent)
        .sorted(Comparator.comparingLong(Extent::offset))
        .forEach(
            extent -> {
              Map.Entry<Long, Long> last = ends.lastEntry();
              if (last != null && last.getValue() >= extent.offset()) {
                ends.put(last.getKey(), Math.max(last.getValue(), extent.end()));
              } else {
                ends.put(extent.offset(), extent.end());
              }
            });
    return ends;
  }

  static boolean overlaps(NavigableMap<Long, Long> ends, Extent extent) {
    Map.Entry<Long, Long> before = ends.lowerEntry(extent.end());
    return before != null && before.getValue() > extent.offset();
  }
}
