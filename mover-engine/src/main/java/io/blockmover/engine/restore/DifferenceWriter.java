package io.blockmover.engine.restore;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.engine.fetch.ChunkConsumer;
import io.blockmover.engine.fetch.ChunkUse;
import io.blockmover.engine.fetch.VolumeBytes;
import io.blockmover.engine.fetch.WantedChunk;
import io.blockmover.engine.fetch.Worker;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.fingerprint.PieceFingerprint;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/** Writes the pieces of chunks that the target does not hold already. */
final class DifferenceWriter implements ChunkConsumer {

  private static final long PIECE = PieceFingerprint.PIECE_BYTES;

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
      ByteBuffer held = volume.read(worker, use.offset(), use.length());
      int at = 0;
      while (at < use.length()) {
        long pieceEnd = PIECE - (use.offset() + at) % PIECE;
        int length = (int) Math.min(pieceEnd, use.length() - at);
        write(use.offset() + at, wanted.slice(at, length), held.slice(at, length));
        at += length;
      }
      progress.done(use.length());
    }
  }

  private void write(long offset, ByteBuffer wanted, ByteBuffer held) throws MoverException {
    int length = wanted.remaining();
    if (held.equals(wanted)) {
      unchangedBytes.accept(length);
    } else {
      target.write(offset, wanted);
      progress.stored(length);
    }
  }
}
