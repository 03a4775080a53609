package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.repository.fingerprint.FingerprintLayerWriter;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.map.MapCursor;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.map.MapLayerWriter;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.usage.UsageWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pass over the volume adds to the backup's metadata: a layer of the map, a layer of
 * fingerprints, and how many bytes of which pack are gained and lost. Takes results in the volume's
 * order; for one thread at a time.
 */
final class BackupLayers implements InOrder.Consumer {

  private final MapLayerWriter map;
  private final FingerprintLayerWriter fingerprints;
  private final UsageWriter usage;
  private final DurablePacks durable;
  private final @Nullable MapCursor replaced;
  private final MapCursor counted;
  private final BadBlocks badBlocks;
  private long changedBytes;

  /**
   * @param badBlocks of the backup so far; changed
   * @param replaced the map that the pass changes; null if there is none
   * @param counted what earlier passes of the backup found changed: it is not counted again
   */
  BackupLayers(
      MapLayerWriter map,
      FingerprintLayerWriter fingerprints,
      UsageWriter usage,
      DurablePacks durable,
      BadBlocks badBlocks,
      @Nullable MapCursor replaced,
      MapCursor counted) {
    this.map = map;
    this.fingerprints = fingerprints;
    this.usage = usage;
    this.durable = durable;
    this.badBlocks = badBlocks;
    this.replaced = replaced;
    this.counted = counted;
  }

  @Override
  public void accept(CellResult result) throws MoverException {
    for (CellResult.Run run : result.runs()) {
      Extent extent = run.extent();
      loseWhatWas(extent);
      changedBytes -= countedIn(extent);
      ChunkLocation chunk = run.chunk();
      if (chunk == null) {
        map.add(new MapEntry.Zero(extent.offset(), extent.length()));
      } else {
        map.add(new MapEntry.Data(extent.offset(), extent.length(), chunk, 0));
        usage.add(chunk.pack(), extent.length());
      }
    }
    for (CellResult.Piece piece : result.pieces()) {
      fingerprints.add(piece.index(), piece.state(), piece.fingerprint());
    }
    result.looked().forEach(badBlocks::remove);
    result.badBlocks().forEach(badBlocks::add);
    changedBytes += result.changedBytes();
    countSizes();
  }

  private long countedIn(Extent extent) throws MoverException {
    long bytes = 0;
    for (MapEntry entry : counted.within(extent.offset(), extent.end())) {
      bytes += entry.length();
    }
    return bytes;
  }

  /** Says how large a pack is that an earlier run of this session wrote. */
  void size(PackReference pack) throws MoverException {
    usage.size(pack);
  }

  private void countSizes() throws MoverException {
    for (PackReference pack : durable.takeNews()) {
      usage.size(pack);
    }
  }

  /** The volume is shorter now: what the replaced map had beyond its end is lost. */
  void loseTail(long volumeBytes, long oldVolumeBytes) throws MoverException {
    if (volumeBytes < oldVolumeBytes) {
      loseWhatWas(Extent.between(volumeBytes, oldVolumeBytes));
    }
  }

  /** Puts the usage of this pass; all packs must be durable. */
  List<PackReference> finishUsage() throws MoverException {
    countSizes();
    return usage.finish();
  }

  private void loseWhatWas(Extent extent) throws MoverException {
    if (replaced != null) {
      for (MapEntry entry : replaced.within(extent.offset(), extent.end())) {
        if (entry instanceof MapEntry.Data data) {
          usage.add(data.location().pack(), -data.length());
        }
      }
    }
  }

  Layer finishMap() throws MoverException {
    return map.finish();
  }

  Layer finishFingerprints() throws MoverException {
    return fingerprints.finish();
  }

  long changedBytes() {
    return changedBytes;
  }
}
