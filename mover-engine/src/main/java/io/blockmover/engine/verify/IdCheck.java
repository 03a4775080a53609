package io.blockmover.engine.verify;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.engine.fetch.ChunkConsumer;
import io.blockmover.engine.fetch.WantedChunk;
import io.blockmover.engine.fetch.Worker;
import java.nio.ByteBuffer;

/** Opens chunks and computes their ids again. */
final class IdCheck implements ChunkConsumer {

  private final VerifyTally tally;

  IdCheck(VerifyTally tally) {
    this.tally = tally;
  }

  @Override
  public void accept(Worker worker, WantedChunk chunk, ByteBuffer record) throws MoverException {
    tally.chunks.increment();
    worker.requireRoom(chunk);
    ByteBuffer plain = worker.plain();
    worker.chunks().open(chunk.location(), record, plain);
    if (!worker.chunks().hasId(chunk.location(), plain.flip())) {
      throw new CorruptData(
          chunk.key(),
          "content with its id at offset " + chunk.location().offset(),
          "other content, sealed as if it were right");
    }
  }
}
