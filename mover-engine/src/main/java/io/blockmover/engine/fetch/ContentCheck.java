package io.blockmover.engine.fetch;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Compares bytes of chunks with a volume. */
public final class ContentCheck implements ChunkConsumer {

  private final VolumeBytes volume;
  private final Consumer<Extent> different;
  private final LongConsumer equalBytes;

  /**
   * @param different told of each extent that is not the same, by many threads
   * @param equalBytes told of what is the same, by many threads
   */
  public ContentCheck(VolumeReader volume, Consumer<Extent> different, LongConsumer equalBytes) {
    this.volume = new VolumeBytes(volume);
    this.different = different;
    this.equalBytes = equalBytes;
  }

  @Override
  public void accept(Worker worker, WantedChunk chunk, ByteBuffer record) throws MoverException {
    worker.requireRoom(chunk);
    worker.chunks().open(chunk.location(), record, worker.plain());
    for (ChunkUse use : chunk.uses()) {
      ByteBuffer wanted = worker.plain().slice(use.within(), use.length());
      if (volume.read(worker, use.offset(), use.length()).equals(wanted)) {
        equalBytes.accept(use.length());
      } else {
        different.accept(use.extent());
      }
    }
  }
}
