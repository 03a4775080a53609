package io.blockmover.engine.restore;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.engine.fetch.ChunkConsumer;
import io.blockmover.engine.fetch.ChunkUse;
import io.blockmover.engine.fetch.WantedChunk;
import io.blockmover.engine.fetch.Worker;
import io.blockmover.engine.progress.Progress;
import java.nio.ByteBuffer;

/**
 * Writes chunks where they belong. Chunks that follow each other in the volume are opened behind
 * each other in memory and written by one call; no byte is copied.
 */
final class RunWriter implements ChunkConsumer {

  private static final int ALIGNMENT = 4096;

  private final BlockTarget target;
  private final Progress progress;
  private long runOffset;
  private int runLength;

  RunWriter(BlockTarget target, Progress progress) {
    this.target = target;
    this.progress = progress;
  }

  @Override
  public void accept(Worker worker, WantedChunk chunk, ByteBuffer record) throws MoverException {
    worker.requireRoom(chunk);
    int length = chunk.location().plainLength();
    if (chunk.isWhole()) {
      ChunkUse use = chunk.uses().getFirst();
      if (use.offset() != runOffset + runLength
          || runLength % ALIGNMENT != 0
          || runLength + length > worker.plain().capacity()) {
        end(worker);
      }
      worker.chunks().open(chunk.location(), record, worker.plain().slice(runLength, length));
      runOffset = use.offset() - runLength;
      runLength += length;
      return;
    }
    end(worker);
    worker.chunks().open(chunk.location(), record, worker.plain().slice(0, length));
    for (ChunkUse use : chunk.uses()) {
      target.write(use.offset(), worker.plain().slice(use.within(), use.length()));
      count(use.length());
    }
  }

  @Override
  public void end(Worker worker) throws MoverException {
    if (runLength > 0) {
      target.write(runOffset, worker.plain().slice(0, runLength));
      count(runLength);
      runLength = 0;
    }
  }

  private void count(int length) {
    progress.stored(length);
    progress.done(length);
  }
}
