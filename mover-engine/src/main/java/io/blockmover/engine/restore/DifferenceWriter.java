package io.blockmover.engine.restore;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.engine.fetch.ChunkConsumer;
import io.blockmover.engine.fetch.ChunkUse;
import io.blockmover.engine.fetch.VolumeBytes;
import io.blockmover.engine.fetch.WantedChunk;
import io.blockmover.engine.fetch.Worker;
import io.blockmover.engine.progress.Progress;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/** Writes bytes of chunks where the target does not hold them already. */
final class DifferenceWriter implements ChunkConsumer {

  private final BlockTarget target;
  private final VolumeBytes volume;
  private final Progress progress;
  private final LongConsumer unchangedBytes;

  DifferenceWriter(
      BlockTarget target, VolumeBytes volume, Progress progress, LongConsumer unchangedBytes) {
    this.target = target;
    this.volume = volume;
    this.progress = progress;
    this.unchangedBytes = unchangedBytes;
  }

  @Override
  public void accept(Worker worker, WantedChunk chunk, ByteBuffer record) throws MoverException {
    worker.requireRoom(chunk);
    worker.chunks().open(chunk.location(), record, worker.plain());
    for (ChunkUse use : chunk.uses()) {
      ByteBuffer wanted = worker.plain().slice(use.within(), use.length());
      if (!volume.read(worker, use.offset(), use.length()).equals(wanted)) {
        target.write(use.offset(), wanted);
        progress.stored(use.length());
      } else {
        unchangedBytes.accept(use.length());
      }
      progress.done(use.length());
    }
  }
}
